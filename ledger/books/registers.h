// The registers of parties, assets and funds, and the genesis that begins them all.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Writes the ledger's name, its rules, its root party (a HOLDER) and its root keys. Only in record 0, as the first
// action.
Status ApplyGenesis(store::Overlay* state, const std::string& ledger, const v1::Genesis& genesis);

Status ApplyRegisterParty(store::Overlay* state, const Moment& moment, const v1::RegisterParty& action,
                          Authority* authority, const std::string& field);
// Assets are declared by whoever administers the root party.
Status ApplyDeclareAsset(store::Overlay* state, RecordIndex record, const v1::DeclareAsset& action,
                         Authority* authority, const std::string& field);
// A fund is opened by whoever administers its owner.
Status ApplyOpenFund(store::Overlay* state, RecordIndex record, const v1::OpenFund& action,
                     Authority* authority, const std::string& field);

}  // namespace fundtrail::books
