// See personal.h.
#include "ledger/books/personal.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/model/personal.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

StatusOr<bool> StandsAbove(Ancestors* ancestors, const std::string& above, const v1::RegisterParty& party) {
  if (party.parent().empty()) return false;
  bool met = false;
  FT_RETURN_IF_ERROR(ancestors->EachAbove(v1::Action::kRegisterParty, party.parent(),
                                          [&](const std::string& at) -> StatusOr<bool> {
                                            met = at == above;
                                            return !met;
                                          }));
  return met;
}

void TakeOut(const v1::RegisterParty& party, std::set<std::string>* hashes) {
  for (const v1::FieldCommitment& each : party.commitments()) hashes->erase(each.hash());
}

}  // namespace

Status CheckCommitments(const v1::RegisterParty& party, const std::string& field) {
  std::set<std::string> fields;
  for (int i = 0; i < party.commitments_size(); ++i) {
    const v1::FieldCommitment& each = party.commitments(i);
    const std::string at = absl::StrCat(field, ".commitments[", i, "]");
    if (!model::IsLowerHexHash(each.hash()))
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".hash", "is not 64 hex digits in lower case");
    if (!fields.insert(each.field()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, at + ".field",
                    absl::StrCat(each.field(), " is listed twice: a field has one commitment"));
  }
  return absl::OkStatus();
}

Status CheckForget(const v1::ForgetPersonal& said, const v1::RegisterRow& item, Ancestors* ancestors,
                   const store::Reader& state, const std::string& field) {
  const v1::RegisterParty& party = item.action().register_party();
  FT_ASSIGN_OR_RETURN(const bool above, StandsAbove(ancestors, said.by(), party));
  if (!above) {
    return Refuse(v1::REFUSAL_CODE_NOT_RESPONSIBLE, field + ".by",
                  absl::StrCat(said.by(), " does not stand above ", party.id(),
                               ": a body that does kept what is erased"));
  }
  std::set<std::string> unknown(said.hashes().begin(), said.hashes().end());
  TakeOut(party, &unknown);
  if (unknown.empty()) return absl::OkStatus();
  const Bytes past = keys::PastOf(v1::Action::kRegisterParty, party.id());
  const auto at = state.Scan(past, store::PrefixEnd(past));
  for (; at->Valid() && !unknown.empty(); at->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row, model::DecodeMessage<v1::RegisterRow>(at->key(), at->value()));
    TakeOut(row.action().register_party(), &unknown);
  }
  FT_RETURN_IF_ERROR(at->status());
  if (unknown.empty()) return absl::OkStatus();
  int index = 0;
  while (unknown.count(said.hashes(index)) == 0) ++index;
  return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, absl::StrCat(field, ".hashes[", index, "]"),
                absl::StrCat("is not a commitment of ", party.id(), ", now or before"));
}

}  // namespace fundtrail::books
