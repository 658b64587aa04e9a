// See news_words.h.
#include "ledger/pages/news_words.h"

#include <utility>

namespace fundtrail::pages {
namespace {

class NewsTeller {
 public:
  explicit NewsTeller(Language language) : language_(language) {}

  std::string Told(const v1::Action& action) const {
    switch (action.action_case()) {
      case v1::Action::kAnnounce: {
        const v1::Announce& notice = action.announce();
        const std::string said =
            Say(Word::kNewsNotice, {notice.id(), EnumWord(language_, notice.kind()), notice.name()});
        return action.has_amends() ? Say(Word::kNewsAmended, {said}) : said;
      }
      case v1::Action::kEvaluate:
        return Say(Word::kNewsVerdict,
                   {action.evaluate().id(), EnumWord(language_, action.evaluate().verdict()),
                    SubjectOf(action.evaluate()), action.evaluate().group()});
      case v1::Action::kDecideAppeal:
        return Say(Word::kNewsAppeal, {action.decide_appeal().evaluation(),
                                       EnumWord(language_, action.decide_appeal().decision())});
      case v1::Action::kRaiseConcern:
        return Concern(action.raise_concern());
      case v1::Action::kCloseConcern:
        return Say(action.close_concern().satisfied() ? Word::kNewsSatisfied : Word::kNewsNotSatisfied,
                   {action.close_concern().concern()});
      case v1::Action::kApproveProject:
        return Say(Word::kNewsProject, {action.approve_project().project(),
                                        EnumWord(language_, action.approve_project().decision())});
      case v1::Action::kVerifyNeed:
        return Say(Word::kNewsNeed,
                   {action.verify_need().need(), EnumWord(language_, action.verify_need().result())});
      case v1::Action::kEndItem:
        return Say(Word::kNewsWithdrawn, {action.end_item().id()});
      default:
        return "";
    }
  }

 private:
  std::string Say(Word word, const std::vector<std::string>& values) const {
    return SayText(language_, word, values);
  }

  std::string SubjectOf(const v1::Evaluate& said) const {
    if (!said.project().empty()) return Say(Word::kTheProjectNamed, {said.project()});
    if (!said.programme().empty()) return Say(Word::kTheProgrammeNamed, {said.programme()});
    if (!said.policy().empty()) return Say(Word::kThePolicyNamed, {said.policy()});
    return Say(Word::kThePartyNamed, {said.party()});
  }

  std::string Concern(const v1::RaiseConcern& said) const {
    std::string about;
    for (const auto& [word, id] :
         {std::pair<Word, const std::string&>{Word::kTheProjectNamed, said.project()},
          {Word::kTheNeedNamed, said.need()},
          {Word::kThePartyNamed, said.party()},
          {Word::kThePolicyNamed, said.policy()},
          {Word::kTheEvaluationNamed, said.evaluation()},
          {Word::kTheNoticeNamed, said.notice()},
          {Word::kThePaymentNamed, said.transfer()}}) {
      if (!id.empty()) about += Say(Word::kNewsAbout, {Say(word, {id})});
    }
    return Say(Word::kNewsConcern, {said.id(), EnumWord(language_, said.kind()), about});
  }

  const Language language_;
};

}  // namespace

std::string NewsWords(Language language, const v1::Action& action) {
  return NewsTeller(language).Told(action);
}

}  // namespace fundtrail::pages
