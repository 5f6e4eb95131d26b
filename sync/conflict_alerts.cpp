#include "sync/conflict_alerts.hpp"

namespace jieding::sync {
namespace {

AlertKey conflict_key(const std::string& gateway) {
  return {"conflict", gateway, ""};
}
AlertKey twin_key(const std::string& gateway) {
  return {"twin", gateway, ""};
}

}  // namespace

AlertChange receipt_conflict(const std::string& gateway, const Receipt& receipt,
                             ReceiptVerdict verdict, const SignedCheckpoint& own, Stamp now) {
  const bool longer = verdict == ReceiptVerdict::Beyond;
  return {conflict_key(gateway),
          true,
          now,
          {{"level", "alarm"},
           {"zh", longer ? "平台的记录比本机长：本机可能恢复了旧备份" : "平台的记录与本机不一致"},
           {"en", longer ? "The platform holds more than this box ever wrote: an old backup was "
                           "restored here"
                         : "The platform's record differs from this box's"},
           {"since", to_rfc3339(now.at)},
           {"of", longer ? "size" : "root"},
           {"size", receipt.size},
           {"root", receipt.root},
           {"own_size", own.size},
           {"own_root", to_hex(own.root)}}};
}

AlertChange receipt_agrees(const std::string& gateway, Stamp now) {
  return {conflict_key(gateway), false, now, {}};
}

AlertChange twin_heard(const std::string& gateway, const BoxIdentity& own, const BoxIdentity& other,
                       Stamp now) {
  return {twin_key(gateway),
          true,
          now,
          {{"level", "alarm"},
           {"zh", "两台主机使用同一身份：" + own.box + "，" + other.box},
           {"en", "Two boxes under one name: " + own.box + " and " + other.box},
           {"since", to_rfc3339(now.at)},
           {"own_box", own.box},
           {"own_run", own.run},
           {"other_box", other.box},
           {"other_run", other.run}}};
}

AlertChange twin_silent(const std::string& gateway, Stamp now) {
  return {twin_key(gateway), false, now, {}};
}

}  // namespace jieding::sync
