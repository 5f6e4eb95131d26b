#include "drivers/modbus_points.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace jieding::drivers::modbus {
namespace {

using config::Settings;

Settings table(std::int64_t address) {
  Settings point;
  point.set("quantity", std::string("wind_speed"));
  point.set("address", address);
  return point;
}
Settings with(Settings point, std::string_view key, Settings::Value value) {
  point.set(std::string(key), std::move(value));
  return point;
}
Settings with(std::int64_t address, std::string_view key, Settings::Value value) {
  return with(table(address), key, std::move(value));
}
Settings literal(std::int64_t function, std::int64_t address) {
  return with(address, "function", function);
}

std::string place(const Settings& point) {
  const auto read = point_of(point);
  if (!read) return read.error().text();
  return std::to_string(static_cast<int>(read->function)) + "/" + std::to_string(read->first);
}
std::string complaint(const Settings& point) {
  const auto read = point_of(point);
  return read ? "none" : read.error().text();
}

/// One value in an answer that holds nothing else.
Result<double> value(const Settings& point, std::string bytes) {
  const Point read = *point_of(point);
  Request request;
  request.function = read.function;
  request.first = read.first;
  request.count = read.width();
  return value_of(read, request, bytes);
}
Result<double> value(std::string_view type, std::string_view order, const std::string& bytes) {
  return value(with(with(40001, "type", std::string(type)), "order", std::string(order)), bytes);
}

const std::string f123456{"\x47\xF1\x20\x00", 4};

TEST(ModbusPoints, AddressesAreReadAsManualsWriteThem) {
  EXPECT_EQ(place(table(40001)), "3/0");
  EXPECT_EQ(place(table(40108)), "3/107");
  EXPECT_EQ(place(table(30001)), "4/0");
  EXPECT_EQ(place(table(10001)), "2/0");
  EXPECT_EQ(place(table(400001)), "3/0");
  EXPECT_EQ(place(table(465536)), "3/65535");
  EXPECT_EQ(place(literal(3, 0)), "3/0");
  EXPECT_EQ(place(with(literal(4, 1), "base", std::int64_t{1})), "4/0");
  EXPECT_EQ(place(with(literal(3, 40001), "base", std::int64_t{0})), "3/40001");
  EXPECT_EQ(place(literal(1, 40001)), "1/40001")
      << "no coil is called so, it is meant as it stands";
}

TEST(ModbusPoints, AddressThatMayMeanTwoThingsIsRefused) {
  EXPECT_TRUE(complaint(literal(3, 40001)).starts_with("address: may be register 0"));
  EXPECT_TRUE(complaint(table(0)).starts_with("address: is no 1xxxx"));
  EXPECT_TRUE(complaint(table(20001)).starts_with("address: is no 1xxxx"));
  EXPECT_TRUE(complaint(table(40000)).starts_with("address: is no 1xxxx"));
  EXPECT_TRUE(complaint(table(-40001)).starts_with("address: is no 1xxxx"));
  EXPECT_TRUE(complaint(table(465537)).starts_with("address: is no 1xxxx"));
  EXPECT_TRUE(complaint(literal(3, 65536)).starts_with("address: wrong value"));
  EXPECT_TRUE(
      complaint(with(literal(3, 0), "base", std::int64_t{1})).starts_with("address: wrong"));
  EXPECT_TRUE(complaint(with(40001, "base", std::int64_t{1})).starts_with("base: says nothing"));
  EXPECT_TRUE(complaint(literal(5, 0)).starts_with("function: wrong value"));
}

TEST(ModbusPoints, EachTypeAndOrderGivesItsNumber) {
  EXPECT_EQ(*value("f32", "ABCD", f123456), 123456.0);
  EXPECT_EQ(*value("f32", "CDAB", {"\x20\x00\x47\xF1", 4}), 123456.0);
  EXPECT_EQ(*value("f32", "BADC", {"\xF1\x47\x00\x20", 4}), 123456.0);
  EXPECT_EQ(*value("f32", "DCBA", {"\x00\x20\xF1\x47", 4}), 123456.0);
  EXPECT_EQ(*value("u16", "ABCD", "\xFF\x9C"), 65436.0);
  EXPECT_EQ(*value("u16", "BADC", "\x9C\xFF"), 65436.0);
  EXPECT_EQ(*value("u16", "CDAB", "\xFF\x9C"), 65436.0) << "one register has no order of words";
  EXPECT_EQ(*value("s16", "ABCD", "\xFF\x9C"), -100.0);
  EXPECT_EQ(*value("u32", "ABCD", {"\xFF\xFF\xFF\xFE", 4}), 4294967294.0);
  EXPECT_EQ(*value("s32", "CDAB", {"\xFF\xFE\xFF\xFF", 4}), -2.0);
  EXPECT_EQ(*value("u64", "ABCD", {"\0\0\0\1\0\0\0\2", 8}), 4294967298.0);
  EXPECT_EQ(*value("s64", "CDAB", {"\xFF\xFD\xFF\xFF\xFF\xFF\xFF\xFF", 8}), -3.0);
  EXPECT_EQ(*value("u64", "DCBA", {"\2\0\0\0\1\0\0\0", 8}), 4294967298.0);
  EXPECT_EQ(*value("f64", "ABCD", {"\x40\x09\x21\xFB\x54\x44\x2D\x18", 8}), M_PI);
  EXPECT_EQ(*value(with(with(40001, "type", std::string("bool")), "bit", std::int64_t{15}),
                   {"\x80\x00", 2}),
            1.0);
}

TEST(ModbusPoints, ScaleComesBeforeOffset) {
  auto point = with(with(40001, "type", std::string("s16")), "scale", 0.1);
  EXPECT_DOUBLE_EQ(*value(point, "\xFF\x9C"), -10.0);
  EXPECT_DOUBLE_EQ(*value(with(point, "offset", 40.0), "\xFF\x9C"), 30.0);
}

TEST(ModbusPoints, WhatIsNoValueIsNotRead) {
  EXPECT_FALSE(value("f32", "ABCD", {"\x7F\xC0\x00\x00", 4})) << "not a number";
  EXPECT_FALSE(value("f32", "ABCD", {"\x7F\x80\x00\x00", 4})) << "infinite";
  const auto s16 = with(40001, "type", std::string("s16"));
  EXPECT_FALSE(value(with(s16, "missing", std::int64_t{0x8000}), {"\x80\x00", 2}));
  EXPECT_FALSE(value(with(s16, "missing", std::int64_t{-32768}), {"\x80\x00", 2}));
  EXPECT_TRUE(value(with(s16, "missing", std::int64_t{0x8000}), {"\x80\x01", 2}));
  const auto bounded = with(with(s16, "least", 0.0), "most", 100.0);
  EXPECT_TRUE(value(bounded, {"\0\x64", 2}));
  EXPECT_FALSE(value(bounded, {"\0\x65", 2}));
  EXPECT_FALSE(value(bounded, "\xFF\xFF"));
}

TEST(ModbusPoints, NonsenseIsRefusedAtItsKey) {
  EXPECT_TRUE(complaint(with(40001, "type", std::string("u17"))).starts_with("type: wrong value"));
  EXPECT_TRUE(complaint(with(40001, "type", std::string("bool"))).find("add bit") !=
              std::string::npos);
  EXPECT_TRUE(complaint(with(10001, "type", std::string("u16"))).starts_with("type: coils"));
  EXPECT_TRUE(complaint(with(40001, "bit", std::int64_t{3})).starts_with("bit: is for"));
  EXPECT_TRUE(complaint(with(40001, "order", std::string("ACBD"))).starts_with("order: wrong"));
  EXPECT_TRUE(complaint(with(40001, "scale", 0.0)).starts_with("scale: makes"));
  EXPECT_TRUE(complaint(with(with(40001, "least", 5.0), "most", 5.0)).starts_with("most: is not"));
  EXPECT_TRUE(
      complaint(with(40001, "quantity", std::string("Wind Speed"))).starts_with("quantity"));
  EXPECT_TRUE(
      complaint(with(465536, "type", std::string("f32"))).starts_with("address: the value"));
}

Point at(std::uint16_t first, Type type = Type::U16, Function function = Function::Holding) {
  Point point;
  point.quantity = "q" + std::to_string(first);
  point.function = function;
  point.first = first;
  point.type = type;
  return point;
}

std::string shape(const std::vector<Query>& queries) {
  std::string text;
  for (const Query& query : queries) {
    text += std::to_string(static_cast<int>(query.request.function)) + ":" +
            std::to_string(query.request.first) + "+" + std::to_string(query.request.count) + " ";
  }
  return text;
}

TEST(ModbusPoints, NeighboursAreReadTogether) {
  const std::vector<Point> points{at(10), at(0, Type::F32), at(2), at(20),
                                  at(0, Type::U16, Function::InputRegisters)};
  EXPECT_EQ(shape(plan(points, 0)), "3:0+3 3:10+1 3:20+1 4:0+1 ");
  EXPECT_EQ(shape(plan(points, 7)), "3:0+11 3:20+1 4:0+1 ");
  EXPECT_EQ(shape(plan(points, 9)), "3:0+21 4:0+1 ");
}

TEST(ModbusPoints, RequestNeverReachesFurtherThanTheStandardAllows) {
  std::vector<Point> registers;
  std::vector<Point> bits;
  for (std::uint16_t i = 0; i < 300; ++i)
    registers.push_back(at(i));
  for (std::uint16_t i = 0; i < 2500; ++i)
    bits.push_back(at(i, Type::Bool, Function::Coils));
  EXPECT_EQ(shape(plan(registers, 8)), "3:0+125 3:125+125 3:250+50 ");
  EXPECT_EQ(shape(plan(bits, 8)), "1:0+2000 1:2000+500 ");
  // A value is not torn in two.
  EXPECT_EQ(shape(plan(std::vector<Point>{at(0), at(124, Type::F32)}, 200)), "3:0+1 3:124+2 ");
}

TEST(ModbusPoints, RefusedQueryIsPartedAtItsWidestGap) {
  const std::vector<Point> points{at(0), at(3), at(10), at(11)};
  const auto whole = plan(points, 8);
  ASSERT_EQ(whole.size(), 1u);
  auto parts = split(whole[0], points);
  EXPECT_EQ(shape(parts), "3:0+4 3:10+2 ");
  EXPECT_EQ(shape(split(parts[1], points)), "3:10+1 3:11+1 ");
}

/// Whatever the table and the gap: each point is read once, whole, and from its own place.
TEST(ModbusPoints, EveryPlanReadsEveryPoint) {
  std::mt19937 dice(7);
  const auto roll = [&](unsigned most) { return static_cast<unsigned>(dice() % (most + 1)); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Point> points;
    for (unsigned i = roll(60) + 1; i > 0; --i) {
      const auto function = static_cast<Function>(1 + roll(3));
      const auto type = reads_bits(function) ? Type::Bool : static_cast<Type>(roll(8));
      points.push_back(at(static_cast<std::uint16_t>(roll(500)), type, function));
    }
    std::vector<int> read(points.size());
    for (const Query& query : plan(points, roll(30))) {
      ASSERT_LE(query.request.count, reads_bits(query.request.function) ? 2000 : 125);
      const std::string zeros(query.request.value_bytes(), '\0');
      for (const std::size_t member : query.points) {
        ++read[member];
        ASSERT_TRUE(value_of(points[member], query.request, zeros));
      }
    }
    for (const int times : read)
      ASSERT_EQ(times, 1);
  }
}

}  // namespace
}  // namespace jieding::drivers::modbus
