// UNANSWERED. Concerns, as Concerns has them on D. The days are those of the ledger's rules, and no parameters.
//
//   NO_ANSWER       nobody answered in 20 days: LOOK; in 40: SERIOUS            last  the last day for the answer
//   NO_MONEY_BACK   fake help was found right by an ACTION. In 60 days no money went back out of what it is about, and no
//                   evaluation that was not annulled withdrew that: SERIOUS     last  the last day for that
//
//   item  the concern   first  the day on which it was raised   parties  those that answer for it   evidence  a payment it is about
//   records  the one that raised it
#include <utility>

#include "ledger/model/references.h"
#include "ledger/query/concerns.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

class UnansweredRule : public FindingWork {
 public:
  explicit UnansweredRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), on_(fundtrail::ToString(input.on)) {}

  Status Finish(FindingList* list) override {
    v1::ConcernsRequest request;
    request.set_on(on_);
    if (as_of_.has_value()) request.set_as_of(*as_of_);
    FT_ASSIGN_OR_RETURN(auto pages, Concerns(view_, request, {}));
    while (!pages.over()) {
      FT_ASSIGN_OR_RETURN(const v1::ConcernsAnswer page, pages.Next());
      for (const v1::ConcernLine& line : page.lines()) {
        if (line.state() == v1::ConcernLine::STATE_OVERDUE)
          FT_RETURN_IF_ERROR(
              Add(line, v1::Finding::KIND_NO_ANSWER, v1::Finding::GRADE_LOOK, line.answer_due(), list));
        if (line.state() == v1::ConcernLine::STATE_VERY_OVERDUE)
          FT_RETURN_IF_ERROR(
              Add(line, v1::Finding::KIND_NO_ANSWER, v1::Finding::GRADE_SERIOUS, line.answer_due(), list));
        if (line.fake_help() == v1::ConcernLine::FAKE_HELP_MISSING)
          FT_RETURN_IF_ERROR(Add(line, v1::Finding::KIND_NO_MONEY_BACK, v1::Finding::GRADE_SERIOUS,
                                 line.fake_help_due(), list));
      }
    }
    return absl::OkStatus();
  }

 private:
  static Status Add(const v1::ConcernLine& line, v1::Finding::Kind kind, v1::Finding::Grade grade,
                    const std::string& due, FindingList* list) {
    const v1::RaiseConcern& concern = line.concern();
    v1::Finding finding;
    finding.set_kind(kind);
    finding.set_grade(grade);
    *finding.mutable_parties() = line.answer();
    finding.set_project(concern.project());
    finding.set_item(concern.id());
    finding.set_first(line.raised());
    finding.set_last(due);
    finding.set_count(1);
    SetRecords({line.opened()}, &finding);
    if (!concern.transfer().empty()) {
      const auto ref = model::ParseRef(concern.transfer());
      if (!ref.ok())
        return model::Damaged(model::keys::Item(v1::Action::kRaiseConcern, concern.id()),
                              "names a transfer that is none");
      SetEvidence({*ref}, &finding);
    }
    return list->Add(v1::FINDING_RULE_UNANSWERED, std::move(finding));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::string on_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeUnansweredRule(const FindingInput& input) {
  return std::make_unique<UnansweredRule>(input);
}

}  // namespace fundtrail::query
