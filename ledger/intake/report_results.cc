// See report_results.h. One signed entry at a time, as attest_items.cc does it.
#include "ledger/intake/report_results.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/intake/group.h"
#include "ledger/model/bounds.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {

namespace keys = model::keys;

namespace {

constexpr std::string_view kReportDomain = "fundtrail results v1\n";

StatusOr<bool> IsThere(const store::Reader& rows, const v1::ReportProgress& report) {
  const Bytes all =
      keys::AttestationsOf(v1::Action::kProposeProject, report.project(), v1::Action::kReportProgress);
  const auto cursor = rows.Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::AttestationRow>(cursor->key(), cursor->value()));
    if (google::protobuf::util::MessageDifferencer::Equals(row.action().report_progress(), report))
      return true;
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return false;
}

class Reporter {
 public:
  Reporter(Target* target, const std::vector<v1::ReportProgress>& reports, const ReportOptions& options)
      : target_(*target), reports_(reports), options_(options) {}

  StatusOr<ReportSummary> Run() {
    while (at_ < reports_.size()) FT_RETURN_IF_ERROR(SayGroup());
    return std::move(summary_);
  }

 private:
  // What one entry comes to. It is counted once it is appended.
  struct Group {
    v1::Entry entry;
    ReportSummary counted;
    std::size_t next = 0;
  };

  Status SayGroup() {
    for (int tries = 1;; ++tries) {
      FT_ASSIGN_OR_RETURN(Group group, Gather());
      if (!group.entry.actions().empty()) {
        const auto repeated = AppendGroup(&target_, kReportDomain, *options_.key, &group.entry);
        // Others wrote meanwhile: it is made again, on what is there now.
        if (model::RefusalOf(repeated.status()).has_value() && tries < kMaxTries) continue;
        FT_RETURN_IF_ERROR(repeated.status());
        if (*repeated && tries < kMaxTries) continue;
      }
      summary_.said += group.counted.said;
      summary_.before += group.counted.before;
      summary_.refused += group.counted.refused;
      if (summary_.first_refusal.empty()) summary_.first_refusal = group.counted.first_refusal;
      at_ = group.next;
      return absl::OkStatus();
    }
  }

  // Reports from `at_` on, as many as fit.
  StatusOr<Group> Gather() const {
    Group group;
    const auto& signer = options_.key->public_key();
    const v1::Entry empty = EmptyEntry(target_, options_.author, options_.date, signer);
    group.entry = empty;
    store::Overlay trial(target_.rows());
    std::size_t bytes = 0;
    for (group.next = at_; group.next < reports_.size(); ++group.next) {
      const v1::ReportProgress& report = reports_[group.next];
      FT_ASSIGN_OR_RETURN(const bool there, IsThere(trial, report));
      if (there) {
        ++group.counted.before;
        continue;
      }
      v1::Action action;
      *action.mutable_report_progress() = report;
      const auto size = group.entry.actions_size();
      const std::size_t more = BytesInGroup(action);
      if (size > 0 && (bytes + more > kMaxGroupBytes || static_cast<std::size_t>(size) == model::kMaxActions))
        break;
      const Status tried = TryAction(target_, empty, action, options_.date, signer, &trial);
      if (!tried.ok()) {
        const auto refusal = model::RefusalOf(tried);
        if (!refusal.has_value()) return tried;  // the disk, not the report
        ++group.counted.refused;
        if (group.counted.first_refusal.empty())
          group.counted.first_refusal = absl::StrCat("project ", report.project(), ": ", refusal->sentence());
        continue;
      }
      bytes += more;
      ++group.counted.said;
      *group.entry.add_actions() = std::move(action);
    }
    return group;
  }

  Target& target_;
  const std::vector<v1::ReportProgress>& reports_;
  const ReportOptions& options_;
  std::size_t at_ = 0;
  ReportSummary summary_;
};

}  // namespace

StatusOr<ReportSummary> ReportResults(Target* target, const std::vector<v1::ReportProgress>& reports,
                                      const ReportOptions& options) {
  return Reporter(target, reports, options).Run();
}

}  // namespace fundtrail::intake
