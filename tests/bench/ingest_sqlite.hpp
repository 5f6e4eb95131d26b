#pragma once

#include <cstddef>
#include <filesystem>

namespace jieding::bench {

/// The yardstick: the gateway's own rows into a table of the same layout with the same pragmas
/// (WAL, synchronous=FULL), `rows_per_commit` at a time, by one thread that does nothing else, on
/// the same disk. Rows per second. Throws std::runtime_error.
double raw_sqlite_rate(const std::filesystem::path& gateway_database, std::size_t rows_per_commit,
                       double seconds);

}  // namespace jieding::bench
