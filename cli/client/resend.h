// The same entry once more. Its author and id make it one: sent twice it is taken once, if the bytes are the same. So
// whoever got no answer must be able to make the same bytes again, and is told how.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/client/connection.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::cli {

// A signed entry that is ready to be sent.
struct Outgoing {
  v1::Entry entry;
  Bytes bytes;  // of the SignedEntry
  // Who signed it here, for when it is to be signed again with the day of before; null when the day was given.
  std::shared_ptr<const crypto::SigningKey> undated;
  // Whether the file that it was read from has them; else they are options of the command.
  bool id_in_file = false, date_in_file = false;
};

// Signed with the key. `day_given`: by the file or by --date.
StatusOr<Outgoing> SignOutgoing(v1::Entry entry, std::shared_ptr<const crypto::SigningKey> key,
                                bool day_given);

// After an attempt that failed: whether the entry may have been taken all the same.
bool MayBeTaken(const Status& failed);
// Then: the same error, with how to ask again without writing it twice, and with the entry's id and date for programs.
Status TellHow(const Status& failed, const Outgoing& outgoing);

// After ID_REUSED: the same entry with the date of the record that has its id, when that record holds the same entry
// otherwise. So it is when the command was given the id and no date, and is given again on another day. Else nothing.
StatusOr<std::optional<Outgoing>> OfAnotherDay(Connection* connection, const Outgoing& outgoing,
                                               const Status& refused);

}  // namespace fundtrail::cli
