// PAID_TWICE. Payments that were paid to a RECIPIENT, out of two funds or more, less what was sent back:
//
//   ABOVE_NEED      that name one need, in the asset that it asks for, and come until D to more than it asked for        SERIOUS
//     amount  what is above it                                       compared  all of them    item  the need
//   SAME_CATEGORY   in projects of one category, where two with different funds meet: their periods intersect, and a place of one is
//                   a place of the other or below one, or one of them names no place                                   LOOK
//     amount  what came out of other funds than the one that paid most    compared  all of them
//
//   count  the payments    number  the funds    parties  the recipient, then those that paid    one finding for each of them and asset
//
// A project of several categories counts in each. Periods are those of the version of then, and an open end has no bound.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/query/findings/rules.h"
#include "ledger/query/needs_in_force.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// Where a project works.
struct ProjectPlaces {
  std::set<std::string> at, above;  // its places; these and all above them
};

// What one recipient got in one project, or for one need, in one asset out of one fund, and did not send back.
struct GotSums {
  model::AccountNumber to;  // of one of the payments
  Wide amount = 0;
  std::set<std::uint32_t> payers;  // their numbers
  SeenTransfers seen;
};

struct GotFromFund {
  std::uint32_t fund = 0;
  std::string from, until;  // the period of the project
  const ProjectPlaces* places = nullptr;
  const GotSums* sums = nullptr;
};
using GotFromFunds = std::vector<GotFromFund>;

class PaidTwiceRule : public FindingWork {
 public:
  explicit PaidTwiceRule(const FindingInput& input)
      : view_(input.view),
        back_(*input.back),
        as_of_(input.as_of),
        on_(input.on),
        day_(fundtrail::ToString(input.on)) {
    const Bytes named = keys::AllOf(keys::kNeedOfTransferTag);
    names_needs_ = view_.rows->Scan(named, store::PrefixEnd(named))->Valid();
  }

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount& to = transfer.to;
    const model::TransferRow& row = transfer.row;
    if (!IsPayment(transfer) || row.committed() || to.party->role != v1::ROLE_RECIPIENT)
      return absl::OkStatus();
    std::string need;
    if (to.project == 0) {
      if (!names_needs_) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto named, books::GetNeedOfTransfer(*view_.rows, transfer.ref));
      if (!named.has_value() || row.date > on_) return absl::OkStatus();
      need = *named;
    }
    FT_ASSIGN_OR_RETURN(const Wide back, back_.Of(row));
    const Wide kept = row.to_amount.value() - back;
    if (kept <= 0) return absl::OkStatus();
    // By recipient and asset first, so that those with one fund are known.
    Got& got = got_[{to.party->number, to.asset}];
    if (got.sums.empty()) FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(got_)>));
    got.to = row.to;
    GotSums& sums = got.sums[{to.project, need, to.fund}];
    if (sums.seen.empty()) FT_RETURN_IF_ERROR(kept_.Add(2 * sizeof(GotFromFund) + need.size()));
    sums.to = row.to;
    sums.amount += kept;
    if (payers_.insert_or_assign(transfer.from.party->number, row.from).second)
      FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(payers_)>));
    if (sums.payers.insert(transfer.from.party->number).second)
      FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(sums.payers)>));
    return kept_.Add(SeeIn(got.sums, &sums, transfer.ref, row.date));
  }

  Status Finish(FindingList* list) override {
    for (const auto& [key, got] : got_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      std::map<std::string, GotFromFunds> by_need, by_category;
      for (const auto& [of, sums] : got.sums) {
        const auto& [project, need, fund] = of;
        if (project == 0) {
          by_need[need].push_back({fund, "", "", nullptr, &sums});
          continue;
        }
        FT_ASSIGN_OR_RETURN(const v1::ProposeProject* said, ProjectOf(project, sums.to));
        FT_ASSIGN_OR_RETURN(const ProjectPlaces* places, PlacesOf(project, *said));
        for (const v1::CategoryShare& share : said->categories())
          by_category[share.category()].push_back({fund, said->from(), said->until(), places, &sums});
      }
      for (const auto& [need, from] : by_need) FT_RETURN_IF_ERROR(FindAboveNeed(got.to, need, from, list));
      for (const auto& [category, from] : by_category)
        FT_RETURN_IF_ERROR(FindSameCategory(got.to, category, from, list));
    }
    return absl::OkStatus();
  }

 private:
  struct Got {
    model::AccountNumber to;  // of the recipient in the asset
    // By project, need and fund.
    std::map<std::tuple<std::uint32_t, std::string, std::uint32_t>, GotSums> sums;
  };
  struct Sums {
    Wide all = 0;
    std::map<std::uint32_t, Wide> of_fund;
    std::set<std::string> payers;
    SeenTransfers seen;
    v1::Finding finding;
    Wide most() const {
      Wide most = 0;
      for (const auto& [fund, amount] : of_fund) most = std::max(most, amount);
      return most;
    }
  };

  static bool HasTwoFunds(const GotFromFunds& from) {
    return std::any_of(from.begin(), from.end(),
                       [&](const GotFromFund& one) { return one.fund != from.front().fund; });
  }

  // Days sort as their texts do.
  static bool Intersect(const GotFromFund& one, const GotFromFund& other) {
    return (one.until.empty() || other.from <= one.until) && (other.until.empty() || one.from <= other.until);
  }

  static bool ShareAPlace(const ProjectPlaces& one, const ProjectPlaces& other) {
    const auto is_in = [](const std::set<std::string>& at, const std::set<std::string>& above) {
      return std::any_of(at.begin(), at.end(), [&](const std::string& id) { return above.contains(id); });
    };
    return one.at.empty() || other.at.empty() || is_in(one.at, other.above) || is_in(other.at, one.above);
  }

  StatusOr<Sums> Sum(const GotFromFunds& from) const {
    Sums sums;
    for (const GotFromFund& one : from) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      for (const std::uint32_t number : one.sums->payers) {
        FT_ASSIGN_OR_RETURN(const auto payer, NeedAccountName(view_, payers_.at(number)));
        sums.payers.insert(payer.party());
      }
      sums.all += one.sums->amount;
      sums.of_fund[one.fund] += one.sums->amount;
      sums.seen.Add(one.sums->seen);
    }
    return sums;
  }

  Status FindAboveNeed(model::AccountNumber to, const std::string& id, const GotFromFunds& from,
                       FindingList* list) const {
    if (!HasTwoFunds(from)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kDeclareNeed, id, as_of_));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kDeclareNeed, id), "is missing, and a payment names it");
    FT_ASSIGN_OR_RETURN(const NeedInForce need, NeedOn(view_, *row, day_, as_of_));
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, to));
    if (need.said->asset() != name.asset() || !Counts(need, false)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(Sums sums, Sum(from));
    if (sums.of_fund.size() < 2 || sums.all <= Wide{need.asked}) return absl::OkStatus();
    sums.finding.set_kind(v1::Finding::KIND_ABOVE_NEED);
    sums.finding.set_grade(v1::Finding::GRADE_SERIOUS);
    sums.finding.set_item(id);
    sums.finding.set_place(need.said->place());
    sums.finding.set_category(need.said->category());
    sums.finding.set_amount(Capped(sums.all - need.asked));
    SetRecords({need.record}, &sums.finding);
    return Add(name, std::move(sums), list);
  }

  Status FindSameCategory(model::AccountNumber to, const std::string& category, const GotFromFunds& from,
                          FindingList* list) const {
    if (!HasTwoFunds(from)) return absl::OkStatus();
    GotFromFunds meeting;
    for (const GotFromFund& one : from) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const bool meets = std::any_of(from.begin(), from.end(), [&](const GotFromFund& other) {
        return other.fund != one.fund && Intersect(one, other) && ShareAPlace(*one.places, *other.places);
      });
      if (meets) meeting.push_back(one);
    }
    FT_ASSIGN_OR_RETURN(Sums sums, Sum(meeting));
    if (sums.of_fund.size() < 2) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, to));
    sums.finding.set_kind(v1::Finding::KIND_SAME_CATEGORY);
    sums.finding.set_grade(v1::Finding::GRADE_LOOK);
    sums.finding.set_category(category);
    sums.finding.set_amount(Capped(sums.all - sums.most()));
    return Add(name, std::move(sums), list);
  }

  static Status Add(const v1::AccountName& recipient, Sums sums, FindingList* list) {
    v1::Finding& finding = sums.finding;
    finding.add_parties(recipient.party());
    for (const std::string& payer : sums.payers)
      if (payer != recipient.party()) finding.add_parties(payer);
    finding.set_asset(recipient.asset());
    finding.set_compared(Capped(sums.all));
    finding.set_number(static_cast<std::int64_t>(sums.of_fund.size()));
    sums.seen.Tell(&finding);
    return list->Add(v1::FINDING_RULE_PAID_TWICE, std::move(finding));
  }

  // The version of then, by one of its accounts.
  StatusOr<const v1::ProposeProject*> ProjectOf(std::uint32_t number, model::AccountNumber account) {
    const auto found = projects_.find(number);
    if (found != projects_.end()) return &found->second;
    FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, account));
    FT_ASSIGN_OR_RETURN(const auto item, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
    if (!item.has_value())
      return model::Damaged(keys::Item(v1::Action::kProposeProject, id),
                            "is missing, and an account names it");
    FT_RETURN_IF_ERROR(kept_.Add(item->ByteSizeLong()));
    return &projects_.emplace(number, item->action().propose_project()).first->second;
  }

  // As the tree stood then.
  StatusOr<const ProjectPlaces*> PlacesOf(std::uint32_t number, const v1::ProposeProject& said) {
    const auto found = places_.find(number);
    if (found != places_.end()) return &found->second;
    ProjectPlaces places;
    for (const v1::PlaceShare& share : said.places()) {
      places.at.insert(share.place());
      // What stands above a place that was met is there already.
      for (std::string id = share.place(); !id.empty() && places.above.insert(id).second;) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        FT_RETURN_IF_ERROR(kept_.Add(sizeof(std::string) + id.size()));
        FT_ASSIGN_OR_RETURN(const auto place, ItemThen(view_, v1::Action::kDeclarePlace, id, as_of_));
        if (!place.has_value())
          return model::Damaged(keys::Item(v1::Action::kDeclarePlace, id),
                                "is missing, and a project names it");
        id = place->action().declare_place().parent();
      }
    }
    return &places_.emplace(number, std::move(places)).first->second;
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const Date on_;
  const std::string day_;
  bool names_needs_ = false;                                    // a payment names a need
  std::map<std::pair<std::uint32_t, std::uint32_t>, Got> got_;  // by recipient and asset
  std::map<std::uint32_t, model::AccountNumber> payers_;        // an account of each
  std::map<std::uint32_t, v1::ProposeProject> projects_;        // by their numbers
  std::map<std::uint32_t, ProjectPlaces> places_;               // of these
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakePaidTwiceRule(const FindingInput& input) {
  return std::make_unique<PaidTwiceRule>(input);
}

}  // namespace fundtrail::query
