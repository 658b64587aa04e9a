// See plan_notices.h.
#include "ledger/books/money/plan_notices.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/entry.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

namespace {

// The first rule that holds for the transfer, whose money arrives in a project; null when none does.
const v1::PlanNoticeRule* NoticeRuleFor(const v1::OpenFund& fund, const v1::Transfer& transfer) {
  const bool exchange = !transfer.to_asset().empty();
  for (const v1::PlanNoticeRule& rule : fund.plan_notices()) {
    const bool pays = rule.asset() == transfer.asset() && transfer.amount() >= rule.from_amount();
    const bool brings =
        exchange && rule.asset() == transfer.to_asset() && transfer.to_amount() >= rule.from_amount();
    if (pays || brings) return &rule;
  }
  return nullptr;
}

// From which day on a notice is complete: its days count from its first, but not from before it was said so.
StatusOr<Date> CompleteFrom(const v1::RegisterRow& row) {
  const v1::Announce& notice = row.action().announce();
  const auto from = ParseDate(notice.from());
  if (!from.ok() || !IsWithinBounds(Date(row.version_day())))
    return model::Damaged(keys::Item(v1::Action::kAnnounce, notice.id()), "has a day that is none");
  return Date(std::max(from->days(), row.version_day()) + static_cast<std::int32_t>(notice.days()));
}

// A notice of the plan of a project, and from which day on it is complete.
struct PlanNotice {
  std::string id;
  Date complete;
  std::uint64_t record = 0;
};

// The one that is complete first; nothing where none names the project.
StatusOr<std::optional<PlanNotice>> FirstPlanNotice(const store::Reader& state, const std::string& project) {
  std::optional<PlanNotice> first;
  const Bytes all = keys::AllFoundBy(v1::Action::kProposeProject, project, v1::Action::kAnnounce);
  const auto cursor = state.Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto view, keys::ReadFoundBy(cursor->key()));
    const std::string id(view);
    FT_ASSIGN_OR_RETURN(const auto row, GetItem(state, v1::Action::kAnnounce, id));
    if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kAnnounce, id), "is missing");
    const v1::Announce& notice = row->action().announce();
    const auto& named = notice.projects();  // of its present version: an earlier one may have named others
    if (notice.kind() != v1::Announce::KIND_PLAN || row->has_ended() ||
        std::find(named.begin(), named.end(), project) == named.end())
      continue;
    FT_ASSIGN_OR_RETURN(const Date complete, CompleteFrom(*row));
    if (!first.has_value() || complete < first->complete) first = PlanNotice{id, complete, row->record()};
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return first;
}

// "payments from 100,000.00 CNY on", "every payment in CNY".
StatusOr<std::string> PaymentsThatWait(const store::Reader& state, const v1::PlanNoticeRule& rule) {
  if (rule.from_amount() == 0) return absl::StrCat("every payment in ", rule.asset());
  FT_ASSIGN_OR_RETURN(const std::string from, InWords(state, Amount(rule.from_amount()), rule.asset()));
  return absl::StrCat("payments from ", from, " on");
}

}  // namespace

Status CheckPlanNotice(const store::Reader& state, const Moment& moment, const v1::RegisterRow& fund,
                       const v1::Transfer& transfer, const std::optional<model::TransferRow>& returned,
                       const std::string& to_project, const std::string& field) {
  static const model::Register& notices = *model::FindRegister(v1::Action::kAnnounce);
  static const model::Register& projects = *model::FindRegister(v1::Action::kProposeProject);
  // What was sent back and is sent again is paid once more.
  const bool again = returned.has_value() && returned->sends_back();
  if (to_project.empty() || (model::SendsBack(transfer.kind()) && !again)) return absl::OkStatus();
  const v1::OpenFund& said = fund.action().open_fund();
  const v1::PlanNoticeRule* rule = NoticeRuleFor(said, transfer);
  if (rule == nullptr) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto notice, FirstPlanNotice(state, to_project));
  if (notice.has_value() && notice->complete <= moment.recorded) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const std::string payments, PaymentsThatWait(state, *rule));
  const std::string asks =
      absl::StrCat("fund ", said.id(), " asks for a complete notice of the plan of project ", to_project,
                   " before ", payments, ", and ");
  const std::string at = field + ".amount";
  if (!notice.has_value()) {
    return RefuseItem(v1::REFUSAL_CODE_NOTICE_PENDING, projects, to_project, at,
                      asks + "none names it: publish one of kind PLAN (notice add --kind plan --project)");
  }
  return RefuseItem(v1::REFUSAL_CODE_NOTICE_PENDING, notices, notice->id, at,
                    absl::StrCat(asks, "notice ", notice->id, " is complete on ",
                                 fundtrail::ToString(notice->complete), ": send it again on that day"),
                    notice->record);
}

}  // namespace fundtrail::books
