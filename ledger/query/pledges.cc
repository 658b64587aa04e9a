// See pledges.h.
#include "ledger/query/pledges.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quantity.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/books/state.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct PledgesQuestion {
  AsOfRecord as_of;
  std::string day, donor;
  bool all = false;
};

std::uint32_t KeptOf(std::int64_t paid, std::int64_t pledged) {
  if (paid >= pledged) return kWhole;
  return static_cast<std::uint32_t>(Wide(paid) * kWhole / pledged);
}

// What is said ends at 2^63 - 1.
std::int64_t Added(std::int64_t sum, std::int64_t more) {
  return AddTo(&sum, more) ? sum : std::numeric_limits<std::int64_t>::max();
}

v1::PledgeState StateOf(const v1::RegisterRow& row, const std::string& day) {
  const v1::Pledge& said = row.action().pledge();
  if (row.has_ended()) return v1::PLEDGE_STATE_PLEDGE_WITHDRAWN;
  // Days sort as their texts do.
  if (said.from() > day) return v1::PLEDGE_STATE_PLEDGE_NOT_BEGUN;
  return IsInPeriod(day, said.from(), said.until()) ? v1::PLEDGE_STATE_PLEDGE_IN_FORCE
                                                    : v1::PLEDGE_STATE_PLEDGE_OVER;
}

class PledgesWalk {
 public:
  PledgesWalk(const View& view, PledgesQuestion question, PageToken token, std::string after)
      : view_(view),
        then_(Then(view, question.as_of)),
        question_(std::move(question)),
        token_(std::move(token)),
        last_(std::move(after)) {}

  StatusOr<std::optional<std::string>> Fill(v1::PledgesAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    page->set_on(question_.day);
    if (!begun_ && !question_.donor.empty()) FT_RETURN_IF_ERROR(AddUp(page, budget));
    begun_ = true;
    bool full = false;
    FT_RETURN_IF_ERROR(EachBehind(last_, [&](const std::string& id) -> StatusOr<bool> {
      FT_ASSIGN_OR_RETURN(const auto line, LineOf(id));
      if (!line.has_value() || !Shows(*line)) return true;
      full = budget->full();
      if (full) return false;
      budget->TakePart(line->ByteSizeLong());
      *page->add_lines() = *line;
      last_ = id;
      return true;
    }));
    if (full) return std::optional(token_.At(last_));
    return std::optional<std::string>();
  }

 private:
  bool Shows(const v1::PledgeLine& line) const {
    return question_.all || line.state() == v1::PLEDGE_STATE_PLEDGE_IN_FORCE;
  }

  // The ids of the pledges that may be asked for, in order, until `take` answers false: those behind `after`; empty: all.
  Status EachBehind(const std::string& after,
                    const std::function<StatusOr<bool>(const std::string& id)>& take) {
    const bool of_donor = !question_.donor.empty();
    const Bytes range =
        of_donor ? keys::AllFoundBy(v1::Action::kRegisterParty, question_.donor, v1::Action::kPledge)
                 : keys::ItemsOf(v1::Action::kPledge);
    Bytes from = range;
    if (!after.empty()) {
      from =
          (of_donor ? keys::FoundBy(v1::Action::kRegisterParty, question_.donor, v1::Action::kPledge, after)
                    : keys::Item(v1::Action::kPledge, after)) +
          '\0';
    }
    const auto cursor = view_.rows->Scan(from, store::PrefixEnd(range));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      std::string id;
      if (of_donor) {
        FT_ASSIGN_OR_RETURN(const auto found, keys::ReadFoundBy(cursor->key()));
        id = std::string(found);
      } else {
        FT_ASSIGN_OR_RETURN(const auto item, keys::ReadItem(cursor->key()));
        id = std::string(item.id);
      }
      FT_ASSIGN_OR_RETURN(const bool goes_on, take(id));
      if (!goes_on) return absl::OkStatus();
    }
    return cursor->status();
  }

  // Nothing when it was not there then.
  StatusOr<std::optional<v1::PledgeLine>> LineOf(const std::string& id) {
    FT_ASSIGN_OR_RETURN(auto row, ItemThen(view_, v1::Action::kPledge, id, question_.as_of));
    if (!row.has_value()) return std::optional<v1::PledgeLine>();
    const v1::Pledge& said = row->action().pledge();
    std::optional<RecordIndex> record;
    if (question_.as_of.has_value()) record = RecordIndex(*question_.as_of);
    FT_ASSIGN_OR_RETURN(const auto sums, books::GetSupply(*view_.rows, model::Supply::kPledge, id, record));
    if (said.amount() < 0 || said.quantity() < 0 || (said.amount() > 0) == (said.quantity() > 0))
      return model::Damaged(keys::Item(v1::Action::kPledge, id), "offers not one thing");
    if (sums.assigned() < 0 || sums.paid() < 0)
      return model::Damaged(keys::SupplySumsOf(model::Supply::kPledge, id), "is below zero");
    v1::PledgeLine line;
    line.set_record(row->record());
    line.set_opened(row->opened());
    FT_ASSIGN_OR_RETURN(*line.mutable_donor_name(), NameOf(said.owner()));
    line.set_state(StateOf(*row, question_.day));
    const bool money = said.amount() > 0;
    line.set_pledged(money ? said.amount() : said.quantity());
    line.set_assigned(sums.assigned());
    line.set_paid(sums.paid());
    line.set_left(std::max<std::int64_t>(0, line.pledged() - sums.assigned()));
    if (money) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then_, said.asset()));
      line.set_decimals(asset.decimals());
      line.set_kept(KeptOf(line.paid(), line.pledged()));
    }
    *line.mutable_pledge() = std::move(*row->mutable_action()->mutable_pledge());
    return std::optional(std::move(line));
  }

  StatusOr<std::string> NameOf(const std::string& donor) {
    if (donor == known_donor_) return known_name_;
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, donor));
    known_donor_ = donor;
    known_name_ = party.name();
    return known_name_;
  }

  // What all pledges of the donor come to.
  Status AddUp(v1::PledgesAnswer* page, PageBudget* budget) {
    std::map<std::string, v1::DonorPledges> sums;  // by asset
    const Status added = EachBehind("", [&](const std::string& id) -> StatusOr<bool> {
      FT_ASSIGN_OR_RETURN(const auto line, LineOf(id));
      if (!line.has_value() || !line->has_kept() || line->state() == v1::PLEDGE_STATE_PLEDGE_NOT_BEGUN)
        return true;
      const auto [found, is_new] = sums.try_emplace(line->pledge().asset());
      v1::DonorPledges& sum = found->second;
      if (is_new) {
        sum.set_donor(question_.donor);
        sum.set_donor_name(line->donor_name());
        sum.set_asset(line->pledge().asset());
        sum.set_decimals(line->decimals());
        FT_RETURN_IF_ERROR(view_.Grow(sum.ByteSizeLong()));
      }
      sum.set_pledges(sum.pledges() + 1);
      sum.set_pledged(Added(sum.pledged(), line->pledged()));
      sum.set_assigned(Added(sum.assigned(), line->assigned()));
      sum.set_paid(Added(sum.paid(), line->paid()));
      return true;
    });
    FT_RETURN_IF_ERROR(added);
    for (auto& [asset, sum] : sums) {
      sum.set_kept(KeptOf(sum.paid(), sum.pledged()));
      *page->add_donors() = std::move(sum);
    }
    budget->TakeBytes(page->ByteSizeLong());
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  const PledgesQuestion question_;
  const PageToken token_;
  std::string last_;  // the pledge that was shown last
  bool begun_ = false;
  std::string known_donor_, known_name_;
};

}  // namespace

StatusOr<Pages<v1::PledgesAnswer>> Pledges(const View& view, const v1::PledgesRequest& request,
                                           const Paging& paging) {
  PledgesQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.day, DayAsked(view, request.on(), question.as_of));
  question.donor = request.donor();
  question.all = request.all();
  if (!question.donor.empty()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        ItemThen(view, v1::Action::kRegisterParty, question.donor, question.as_of));
    if (!row.has_value())
      return absl::NotFoundError(absl::StrCat("this ledger has no party \"", Escaped(question.donor), "\"",
                                              question.as_of.has_value() ? " at that record" : ""));
  }
  PageToken token{"pledges", request.donor(), question.all ? "all" : "", request.on(),
                  question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
  std::string after;
  if (!paging.after.empty()) {
    FT_ASSIGN_OR_RETURN(after, token.Place(paging.after));
    FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view.rows, v1::Action::kPledge, after));
    if (!row.has_value()) return token.Refused(paging.after);  // items are never taken away
  }
  const auto walk = std::make_shared<PledgesWalk>(view, std::move(question), std::move(token), after);
  return Pages<v1::PledgesAnswer>(
      view, paging, [walk](v1::PledgesAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); });
}

}  // namespace fundtrail::query
