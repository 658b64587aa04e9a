// See party_names.h.
#include "ledger/intake/party_names.h"

#include "absl/strings/str_cat.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {

Status PartyNames::Read(const store::Reader& rows, const Warn& warn) {
  names_.emplace();
  const Bytes prefix = model::keys::ItemsOf(v1::Action::kRegisterParty);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid() && !names_->full(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    names_->Add(row.action().register_party().id(), row.action().register_party().name());
  }
  FT_RETURN_IF_ERROR(cursor->status());
  if (names_->full() && warn)
    warn(absl::StrCat("names are compared with those of ", NameBook::kMost, " parties, and not of all"));
  return absl::OkStatus();
}

StatusOr<std::vector<std::string>> PartyNames::Judge(const store::Reader& rows, const v1::Entry& entry,
                                                     const Warn& warn) {
  judged_.clear();
  for (const auto& action : entry.actions()) {
    if (!action.has_register_party()) continue;
    if (!names_.has_value()) FT_RETURN_IF_ERROR(Read(rows, warn));
    judged_.emplace_back(action.register_party().id(), action.register_party().name());
  }
  std::vector<std::string> told;
  if (names_.has_value()) told = names_->JudgeRead(judged_);
  for (const std::string& words : told)
    if (warn) warn(words);
  return told;
}

void PartyNames::AddJudged() {
  for (const ReadName& party : judged_) names_->Add(party);
  judged_.clear();
}

}  // namespace fundtrail::intake
