// SILENT. Payments to recipients, as Acknowledgements has them: paid, and not sent back whole.
//
//   NOBODY_SAID        nobody acknowledged them, and the day of their record is more than `days` days before D.        LOOK
//                      One finding for each payer, recipient, fund and asset
//   DISPUTED_ARRIVAL   the newest acknowledgement says that it did not arrive, or not well. One finding each        SERIOUS
//
//   amount    what was paid and not sent back    compared  0    count  how many payments
#include <map>
#include <tuple>
#include <utility>

#include "ledger/model/references.h"
#include "ledger/query/acknowledgements.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

struct SilentPayments {
  Wide amount = 0;
  std::vector<TransferRef> refs;
  v1::Finding days;
};

class SilentRule : public FindingWork {
 public:
  explicit SilentRule(const FindingInput& input)
      : view_(input.view),
        as_of_(input.as_of),
        on_(fundtrail::ToString(input.on)),
        days_(input.Value("days")) {}

  Status Finish(FindingList* list) override {
    v1::AcknowledgementsRequest request;
    request.set_on(on_);
    if (as_of_.has_value()) request.set_as_of(*as_of_);
    request.add_statuses(v1::AcknowledgementLine::SILENT);
    request.add_statuses(v1::AcknowledgementLine::DISPUTED);
    FT_ASSIGN_OR_RETURN(auto pages, Acknowledgements(view_, request, {}));
    while (!pages.over()) {
      FT_ASSIGN_OR_RETURN(const v1::AcknowledgementsAnswer page, pages.Next());
      for (const v1::AcknowledgementLine& line : page.lines()) FT_RETURN_IF_ERROR(See(line, list));
    }
    for (auto& [key, of] : silent_) {
      v1::Finding finding = std::move(of.days);
      finding.set_kind(v1::Finding::NOBODY_SAID);
      finding.set_grade(v1::Finding::LOOK);
      finding.add_parties(std::get<0>(key));
      finding.add_parties(std::get<1>(key));
      finding.set_fund(std::get<2>(key));
      finding.set_asset(std::get<3>(key));
      finding.set_amount(Capped(of.amount));
      SetEvidence(std::move(of.refs), &finding);
      finding.set_count(finding.evidence_count());
      FT_RETURN_IF_ERROR(list->Add(v1::SILENT, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  Status See(const v1::AcknowledgementLine& line, FindingList* list) {
    const v1::Transfer& transfer = line.transfer().transfer();
    const TransferRef ref = model::RefOf(line.transfer().ref());
    FT_ASSIGN_OR_RETURN(const Date date, ParseDate(line.transfer().date()));
    if (line.status() == v1::AcknowledgementLine::DISPUTED) {
      v1::Finding finding;
      finding.set_kind(v1::Finding::DISPUTED_ARRIVAL);
      finding.set_grade(v1::Finding::SERIOUS);
      finding.add_parties(transfer.from());
      finding.add_parties(transfer.to());
      finding.set_fund(transfer.fund());
      finding.set_project(transfer.project());
      finding.set_asset(line.asset());
      finding.set_amount(line.paid());
      finding.set_count(1);
      SeeDay(date, &finding);
      SetEvidence({ref}, &finding);
      return list->Add(v1::SILENT, std::move(finding));
    }
    if (line.silent_days() <= days_) return absl::OkStatus();
    SilentPayments& of = silent_[{transfer.from(), transfer.to(), transfer.fund(), line.asset()}];
    of.amount += line.paid();
    of.refs.push_back(ref);
    SeeDay(date, &of.days);
    return kept_.Add(sizeof(TransferRef));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::string on_;
  const std::int64_t days_;
  // By payer, recipient, fund and asset.
  std::map<std::tuple<std::string, std::string, std::string, std::string>, SilentPayments> silent_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeSilentRule(const FindingInput& input) {
  return std::make_unique<SilentRule>(input);
}

}  // namespace fundtrail::query
