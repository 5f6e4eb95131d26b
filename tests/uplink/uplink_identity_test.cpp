// Laws of who speaks: one signed head for all to see, and never two boxes under one name unsaid.
#include "sync/signed_note.hpp"
#include "tests/uplink/uplink_test.hpp"

namespace jieding::test {
namespace {

using Receipts = Platform::Receipts;
using UplinkIdentity = UplinkTest;

TEST_F(UplinkIdentity, NewestCheckpointIsRetained) {
  start_broker();
  start_platform(Receipts::Automatic);
  box_.append_events(3);
  box_.start(quick());
  ASSERT_TRUE(until([&] { return !platform_->on("/checkpoint").empty(); }));
  box_.append_events(4);
  const std::string newest = box_.store().checkpoint().note;
  ASSERT_TRUE(until([&] { return platform_->on("/checkpoint").back()->payload == newest; }));
  box_.stop();

  Platform later(io_, broker_->port(), Receipts::ByHand, "platform-2");
  later.join();
  ASSERT_TRUE(until([&] { return !later.on("/checkpoint").empty(); }));
  EXPECT_TRUE(later.on("/checkpoint")[0]->retained);
  const auto key = sync::parse_vkey(box_.store().vkey()).value();
  const auto text = sync::open_note(later.on("/checkpoint")[0]->payload, key);
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(sync::checkpoint_from_text(*text).value().size, 7u);
}

TEST_F(UplinkIdentity, ClonedDiskIsToldWithBothNames) {
  start_broker();
  start_platform(Receipts::ByHand);
  box_.append_events(2);
  box_.close();
  const auto clone_folder = make_folder("jieding-clone");
  std::filesystem::copy(folder_, clone_folder, std::filesystem::copy_options::recursive);
  Box clone(io_);
  box_.open(folder_);
  clone.open(clone_folder);
  auto ours = quick();
  auto theirs = quick();
  ours.identity = {"site-box 02:00:00:00:00:01", "1111111111111111"};
  theirs.identity = {"site-box 02:00:00:00:00:02", "2222222222222222"};
  box_.start(ours);
  ASSERT_TRUE(until([&] { return platform_->health() == "online"; }));
  clone.start(theirs);
  std::vector<sync::OpenAlert> raised;
  ASSERT_TRUE(until([&] {
    raised = *box_.wait(box_.store().alerts());
    if (raised.empty()) raised = *clone.wait(clone.store().alerts());
    return !raised.empty();
  }));
  EXPECT_EQ(raised[0].key.kind, "twin");
  const std::string english(raised[0].says.at("en").as_string());
  EXPECT_NE(english.find(ours.identity.box), std::string::npos) << english;
  EXPECT_NE(english.find(theirs.identity.box), std::string::npos) << english;
  clone.close();
  std::filesystem::remove_all(clone_folder);
}

TEST_F(UplinkIdentity, OwnPastIsNoTwin) {
  start_broker();
  start_platform(Receipts::Automatic);
  for (int life = 0; life < 3; ++life) {
    box_.append_events(1);
    auto options = quick();
    options.identity.run = std::string(16, static_cast<char>('a' + life));
    box_.start(options);
    ASSERT_TRUE(until([&] { return box_.receipted() == static_cast<std::uint64_t>(life + 1); }));
    broker_->kill();
    ASSERT_TRUE(
        until([&] { return box_.uplink().status().state != sync::UplinkState::Connected; }));
    broker_->start();
    ASSERT_TRUE(
        until([&] { return box_.uplink().status().state == sync::UplinkState::Connected; }));
    box_.stop();
  }
  EXPECT_TRUE(box_.wait(box_.store().alerts())->empty());
}

TEST_F(UplinkIdentity, TwinThatFellSilentIsForgotten) {
  start_broker();
  start_platform(Receipts::Automatic);
  sync::AlertChange earlier{{"twin", "gw1", ""},
                            true,
                            SystemClock().now(),
                            {{"level", "alarm"},
                             {"zh", "两台主机"},
                             {"en", "two boxes"},
                             {"since", to_rfc3339(SystemClock().now().at)},
                             {"own_box", "a"},
                             {"own_run", "1"},
                             {"other_box", "b"},
                             {"other_run", "2"}}};
  ASSERT_TRUE(box_.wait(box_.store().alert(std::move(earlier))));
  auto options = quick();
  options.twin_forgotten = std::chrono::minutes{0};
  box_.start(options);
  EXPECT_TRUE(until([&] { return box_.wait(box_.store().alerts())->empty(); }));
}

}  // namespace
}  // namespace jieding::test
