#pragma once
// What must never pass in silence, as alerts of the ledger: a platform that holds another record,
// and another box under our own name.

#include "sync/box_identity.hpp"
#include "sync/ledger.hpp"
#include "sync/messages.hpp"
#include "sync/outbox.hpp"
#include "sync/store.hpp"

namespace jieding::sync {

/// `verdict`: Mismatch or Beyond. `own`: the newest checkpoint here.
AlertChange receipt_conflict(const std::string& gateway, const Receipt& receipt,
                             ReceiptVerdict verdict, const SignedCheckpoint& own, Stamp now);
/// The platform's root is ours again.
AlertChange receipt_agrees(const std::string& gateway, Stamp now);

AlertChange twin_heard(const std::string& gateway, const BoxIdentity& own, const BoxIdentity& other,
                       Stamp now);
/// Nobody else was heard for long.
AlertChange twin_silent(const std::string& gateway, Stamp now);

}  // namespace jieding::sync
