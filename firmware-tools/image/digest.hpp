#pragma once

#include <string>
#include <string_view>

namespace jieding::tools::image {

enum class Hash { Sha256, Sha512 };

std::string digest(Hash hash, std::string_view bytes);
std::size_t size_of(Hash hash);
/// `SHA256`, as MCUboot's boot record writes it.
std::string_view name_of(Hash hash);

}  // namespace jieding::tools::image
