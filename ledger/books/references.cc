// See references.h.
#include "ledger/books/references.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

Status RefuseItem(v1::RefusalCode code, const model::Register& of, std::string_view id,
                  const std::string& field, const std::string& sentence,
                  std::optional<std::uint64_t> record) {
  v1::Refusal refusal;
  refusal.set_code(code);
  refusal.set_field(field);
  refusal.set_sentence(sentence);
  refusal.set_register_(std::string(of.name));
  refusal.set_id(std::string(id));
  if (record.has_value()) refusal.set_record(*record);
  return model::Refuse(refusal);
}

StatusOr<v1::RegisterRow> FindItem(const store::Reader& state, const model::Register& of, std::string_view id,
                                   const std::string& field) {
  FT_ASSIGN_OR_RETURN(auto row, GetItem(state, of.action, id));
  if (row.has_value()) return *std::move(row);
  return RefuseItem(v1::REFERENCE_UNKNOWN, of, id, field,
                    absl::StrCat("there is no ", std::string(of.name), " ", std::string(id)));
}

StatusOr<v1::RegisterRow> FindParty(const store::Reader& state, std::string_view id,
                                    const std::string& field) {
  return FindItem(state, *model::FindRegister(v1::Action::kRegisterParty), id, field);
}

Status CheckGoesOn(const v1::RegisterRow& row, const std::string& field) {
  if (!row.has_ended()) return absl::OkStatus();
  const model::Register& of = *model::FindRegister(row.action().action_case());
  const std::string id = model::IdOf(row.action());
  return RefuseItem(v1::REFERENCE_ENDED, of, id, field,
                    absl::StrCat(std::string(of.name), " ", id, " ended with record ", row.ended().record()),
                    row.ended().record());
}

}  // namespace fundtrail::books
