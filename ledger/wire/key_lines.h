// The history of a ledger's keys as answers show it.
#pragma once

#include <string>

#include "fundtrail/v1/keys.pb.h"
#include "ledger/model/ledger_key.h"

namespace fundtrail::wire {

// Of the ledger of that name.
google::protobuf::RepeatedPtrField<v1::LedgerKeyLine> ToLines(const std::string& ledger,
                                                              const model::LedgerKeys& history);

}  // namespace fundtrail::wire
