// See compare.h.
#include "ledger/query/compare.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/party_periods.h"
#include "ledger/query/request_fields.h"
#include "ledger/query/series.h"
#include "ledger/query/top.h"

namespace fundtrail::query {
namespace {

using ComparedBy = v1::SeriesRequest;

// What lines are told apart by: the asset, the place in a series, and the ids.
using ComparedKey = std::tuple<std::string, std::int64_t, std::string, std::string, std::string>;
using ComparedLines = std::map<ComparedKey, v1::CompareLine>;

void SetAmount(bool against, std::int64_t amount, v1::CompareLine* line) {
  against ? line->set_against(amount) : line->set_amount(amount);
}

class Comparison {
 public:
  Comparison(const View& view, v1::CompareAnswer* answer) : view_(view), answer_(*answer) {}

  // Both periods, of which the second is the one that the first is compared with. There may be a million bodies: only of those that are
  // shown a line is made.
  Status AddTop(const v1::TopRequest& request, const std::vector<DaysAsked>& periods) {
    top_ = request.top();
    AsOfRecord as_of;
    if (request.has_as_of()) as_of = request.as_of();
    FT_ASSIGN_OR_RETURN(const auto both, TopSumsOfPeriods(view_, request, periods));
    for (const BodySums& sums : both) {
      v1::TopAnswer said;
      FT_RETURN_IF_ERROR(sums.joins.Say(view_, as_of, sums.joined, &said));
      Join(said);
    }
    FT_ASSIGN_OR_RETURN(const std::vector<ComparedBody> bodies, BothOf(both, request.by()));
    const std::vector<std::string>& assets = both.front().assets;
    std::optional<ComparedSums> sums;
    for (const ComparedBody& body : bodies) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const std::string& asset = assets[body.of->asset];
      if (!sums.has_value() || sums->total.asset() != asset) {
        if (sums.has_value()) FT_RETURN_IF_ERROR(AddTotal(*std::move(sums)));
        FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view_, asset));
        sums.emplace(asset, declared.decimals());
      }
      v1::CompareLine line;
      FT_RETURN_IF_ERROR(SetDifference(body.amount, body.against, &line));
      if (!Counts(line, &*sums)) continue;
      FT_ASSIGN_OR_RETURN(const v1::TopLine named,
                          NamedLine(request, as_of, both.front().joins, asset, *body.of));
      line.set_asset(asset);
      line.set_decimals(named.decimals());
      line.set_from(named.party());
      line.set_from_name(named.party_name());
      FT_RETURN_IF_ERROR(Show(std::move(line)));
    }
    return sums.has_value() ? AddTotal(*std::move(sums)) : absl::OkStatus();
  }

  Status AddFlows(v1::FlowsByRequest request, const std::vector<DaysAsked>& periods) {
    top_ = request.top();
    request.set_top(0);
    FT_ASSIGN_OR_RETURN(const auto both, FlowsByOfPeriods(view_, request, periods));
    for (std::size_t i = 0; i < both.size(); ++i) FT_RETURN_IF_ERROR(AddGroups(both[i], i > 0));
    return absl::OkStatus();
  }

  Status AddSeries(const v1::SeriesRequest& request, const std::vector<DaysAsked>& periods) {
    in_order_ = true;
    FT_ASSIGN_OR_RETURN(const auto both, SeriesOfPeriods(view_, request, periods));
    for (std::size_t i = 0; i < both.size(); ++i)
      FT_RETURN_IF_ERROR(AddPeriods(both[i], periods[i].since, i > 0));
    return absl::OkStatus();
  }

  Status Answer() {
    std::vector<std::pair<ComparedKey, v1::CompareLine>> sorted;
    for (auto& [key, line] : lines_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (line.amount() == 0 && line.against() == 0) continue;
      FT_RETURN_IF_ERROR(SetDifference(line.amount(), line.against(), &line));
      sorted.emplace_back(key, std::move(line));
    }
    if (!in_order_)
      std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second.asset(), -Size(a.second)) < std::pair(b.second.asset(), -Size(b.second));
      });
    for (auto line = sorted.begin(); line != sorted.end();) {
      const auto end = std::find_if(line, sorted.end(), [&](const auto& other) {
        return other.second.asset() != line->second.asset();
      });
      FT_RETURN_IF_ERROR(AddAsset(line, end));
      line = end;
    }
    return absl::OkStatus();
  }

 private:
  using Sorted = std::vector<std::pair<ComparedKey, v1::CompareLine>>;

  // One of an asset, or a group, with what it is ranked by in each period.
  struct ComparedBody {
    const BodySum* of = nullptr;
    std::int64_t amount = 0, against = 0;
    bool in_first = false;
    Wide size() const { return amount > against ? Wide{amount} - against : Wide{against} - amount; }
  };
  // What the lines of an asset come to, as they are added up.
  struct ComparedSums {
    ComparedSums(const std::string& asset, std::uint32_t decimals) {
      total.set_asset(asset);
      total.set_decimals(decimals);
    }
    v1::CompareTotal total;
    Wide amount = 0, against = 0, is_new = 0, gone = 0;
  };

  // The bodies that have something in one of both, as they are shown: by asset, then the largest difference, then by id.
  StatusOr<std::vector<ComparedBody>> BothOf(const std::vector<BodySums>& both, v1::TopRequest::By by) const {
    // There may be a million: they stand in one list.
    std::vector<ComparedBody> bodies;
    for (std::size_t i = 0; i < both.size(); ++i) {
      for (const BodySum& body : both[i].bodies) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        const Wide amount = RankedBy(by, body.sums);
        if (amount > kMaxInt64 || body.sums.beyond) return TooLargeToCompare();
        if (amount == 0) continue;
        const auto exact = static_cast<std::int64_t>(amount);
        bodies.push_back({&body, i == 0 ? exact : 0, i == 0 ? 0 : exact, i == 0});
      }
    }
    const auto same = [](const ComparedBody& one) {
      return std::tie(one.of->asset, one.of->party.number, one.of->group);
    };
    std::sort(bodies.begin(), bodies.end(), [&same](const ComparedBody& one, const ComparedBody& other) {
      return same(one) != same(other) ? same(one) < same(other) : one.in_first && !other.in_first;
    });
    // What one body has in the second period goes to what it has in the first.
    auto end = bodies.begin();
    for (auto one = bodies.begin(); one != bodies.end(); ++one) {
      if (end != bodies.begin() && same(*(end - 1)) == same(*one)) {
        (end - 1)->against = one->against;
      } else {
        *end++ = *one;
      }
    }
    bodies.erase(end, bodies.end());
    const std::vector<std::string>& assets = both.front().assets;
    std::stable_sort(bodies.begin(), bodies.end(),
                     [&assets](const ComparedBody& one, const ComparedBody& other) {
                       if (one.of->asset != other.of->asset)
                         return assets[one.of->asset] < assets[other.of->asset];
                       return one.size() > other.size();
                     });
    return bodies;
  }

  StatusOr<v1::TopLine> NamedLine(const v1::TopRequest& request, AsOfRecord as_of, const Joins& joins,
                                  const std::string& asset, const BodySum& body) const {
    if (request.of() == v1::TopRequest::OF_PROGRAMMES || request.of() == v1::TopRequest::OF_KINDS)
      return GroupLine(view_, as_of, request.of(), asset, body);
    return RankedLine(view_, as_of, joins, asset, body);
  }

  Status AddGroups(const v1::FlowsByAnswer& answer, bool against) {
    for (const v1::FlowsByLine& group : answer.lines()) {
      FT_ASSIGN_OR_RETURN(v1::CompareLine* const line,
                          LineOf({group.money().asset(), 0, group.from(), group.to(), group.project()},
                                 group.money().decimals()));
      line->set_from(group.from());
      line->set_from_name(group.from_name());
      line->set_to(group.to());
      line->set_to_name(group.to_name());
      line->set_project(group.project());
      line->set_project_name(group.project_name());
      SetAmount(against, group.money().paid().amount(), line);
    }
    Join(answer);
    return absl::OkStatus();
  }

  Status AddPeriods(const v1::SeriesAnswer& answer, const std::string& since, bool against) {
    FT_ASSIGN_OR_RETURN(const std::int64_t first, OrdinalOf(since, answer.by()));
    for (const v1::SeriesLine& period : answer.lines()) {
      FT_ASSIGN_OR_RETURN(const std::int64_t at, OrdinalOf(period.period(), answer.by()));
      const v1::AssetSums& sums = period.sums();
      const Wide amount = Wide{sums.sums().brought_in()} + sums.sums().received();
      if (amount > kMaxInt64) return TooLargeToCompare();
      if (amount == 0) continue;
      FT_ASSIGN_OR_RETURN(v1::CompareLine* const line,
                          LineOf({sums.asset(), at - first, "", "", ""}, sums.decimals()));
      against ? line->set_to(period.period()) : line->set_from(period.period());
      SetAmount(against, static_cast<std::int64_t>(amount), line);
    }
    Join(answer);
    return absl::OkStatus();
  }

  static std::int64_t Size(const v1::CompareLine& line) {
    return line.difference() < 0 ? -line.difference() : line.difference();
  }
  static Status TooLargeToCompare() {
    return absl::OutOfRangeError("a sum is more than 63 bits can count: ask by fund or by period");
  }
  // How many days, months or years since a beginning: of "2026-01-31" as of "2026-01" or "2026".
  static StatusOr<std::int64_t> OrdinalOf(const std::string& period, ComparedBy::By by) {
    const std::string whole =
        period + std::string("0000-01-01").substr(std::min<std::size_t>(period.size(), 10));
    FT_ASSIGN_OR_RETURN(const Date date, ParseDate(whole));
    constexpr std::int64_t kMonthsOfYear = 12;
    if (by == ComparedBy::BY_DAY) return date.days();
    return by == ComparedBy::BY_YEAR ? MonthOf(date) / kMonthsOfYear : MonthOf(date);
  }

  StatusOr<v1::CompareLine*> LineOf(ComparedKey key, std::uint32_t decimals) {
    const auto [found, is_new] = lines_.try_emplace(std::move(key));
    if (is_new) {
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(v1::CompareLine)));
      found->second.set_asset(std::get<0>(found->first));
      found->second.set_decimals(decimals);
    }
    return &found->second;
  }

  // Of both questions the parties that are joined, each once.
  template <typename Said>
  void Join(const Said& said) {
    for (const v1::JoinedParty& one : said.joined())
      if (joined_.insert(one.party()).second) *answer_.add_joined() = one;
    std::sort(answer_.mutable_joined()->begin(), answer_.mutable_joined()->end(),
              [](const auto& a, const auto& b) { return a.party() < b.party(); });
  }

  static Status SetDifference(std::int64_t amount, std::int64_t against, v1::CompareLine* line) {
    const Wide difference = Wide{amount} - against;
    if (difference > kMaxInt64 || difference < -Wide{kMaxInt64}) return TooLargeToCompare();
    line->set_amount(amount);
    line->set_against(against);
    line->set_difference(static_cast<std::int64_t>(difference));
    line->set_state(against == 0  ? v1::CompareLine::STATE_NEW
                    : amount == 0 ? v1::CompareLine::STATE_GONE
                                  : v1::CompareLine::STATE_BOTH);
    return absl::OkStatus();
  }

  // Whether the line, which counts, is shown.
  bool Counts(const v1::CompareLine& line, ComparedSums* sums) const {
    v1::CompareTotal& total = sums->total;
    sums->amount += line.amount();
    sums->against += line.against();
    if (line.state() == v1::CompareLine::STATE_NEW) {
      sums->is_new += line.amount();
      total.set_new_lines(total.new_lines() + 1);
    }
    if (line.state() == v1::CompareLine::STATE_GONE) {
      sums->gone += line.against();
      total.set_gone_lines(total.gone_lines() + 1);
    }
    total.set_lines(total.lines() + 1);
    const bool shown = top_ == 0 || total.lines() <= top_;
    if (!shown) total.set_left_out(total.left_out() + 1);
    return shown;
  }
  Status Show(v1::CompareLine line) {
    FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
    *answer_.add_lines() = std::move(line);
    return absl::OkStatus();
  }
  Status AddTotal(ComparedSums sums) {
    const Wide difference = sums.amount - sums.against;
    const Wide changed = difference - sums.is_new + sums.gone;
    for (const Wide sum : {sums.amount, sums.against, sums.is_new, sums.gone, difference, changed})
      if (sum > kMaxInt64 || sum < -Wide{kMaxInt64}) return TooLargeToCompare();
    sums.total.set_amount(static_cast<std::int64_t>(sums.amount));
    sums.total.set_against(static_cast<std::int64_t>(sums.against));
    sums.total.set_difference(static_cast<std::int64_t>(difference));
    sums.total.set_new_amount(static_cast<std::int64_t>(sums.is_new));
    sums.total.set_gone_amount(static_cast<std::int64_t>(sums.gone));
    sums.total.set_changed(static_cast<std::int64_t>(changed));
    *answer_.add_totals() = std::move(sums.total);
    return absl::OkStatus();
  }

  Status AddAsset(Sorted::iterator line, Sorted::iterator end) {
    ComparedSums sums(line->second.asset(), line->second.decimals());
    for (; line != end; ++line)
      if (Counts(line->second, &sums)) FT_RETURN_IF_ERROR(Show(std::move(line->second)));
    return AddTotal(std::move(sums));
  }

  const View& view_;
  v1::CompareAnswer& answer_;
  ComparedLines lines_;
  std::set<std::string> joined_;
  std::uint64_t top_ = 0;
  bool in_order_ = false;  // periods stand in their order
};

Status CheckBoth(const char* field, const std::string& text) {
  FT_ASSIGN_OR_RETURN(const auto day, Day(field, text));
  return day.has_value() ? absl::OkStatus()
                         : absl::InvalidArgumentError(absl::StrCat(
                               field, ": a comparison needs the first and the last day of both periods"));
}

// Both periods of the question, and what the answer says of it.
template <typename Question>
StatusOr<std::vector<DaysAsked>> BothPeriods(const v1::CompareRequest& request, const Question& question,
                                             v1::CompareAnswer* answer) {
  FT_RETURN_IF_ERROR(CheckBoth("since", question.since()));
  FT_RETURN_IF_ERROR(CheckBoth("until", question.until()));
  FT_RETURN_IF_ERROR(CheckBoth("against_since", request.against_since()));
  FT_RETURN_IF_ERROR(CheckBoth("against_until", request.against_until()));
  if (question.has_as_of()) answer->set_as_of_record(question.as_of());
  answer->set_since(question.since());
  answer->set_until(question.until());
  answer->set_against_since(request.against_since());
  answer->set_against_until(request.against_until());
  return std::vector<DaysAsked>{{question.since(), question.until()},
                                {request.against_since(), request.against_until()}};
}

}  // namespace

StatusOr<v1::CompareAnswer> Compare(const View& view, const v1::CompareRequest& request) {
  v1::CompareAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  Comparison both(view, &answer);
  if (request.has_top()) {
    if (request.top().limit() != 0 || !request.top().after().empty())
      return absl::InvalidArgumentError("limit: a comparison has no pages");
    FT_ASSIGN_OR_RETURN(const auto periods, BothPeriods(request, request.top(), &answer));
    FT_RETURN_IF_ERROR(both.AddTop(request.top(), periods));
  } else if (request.has_flows()) {
    FT_ASSIGN_OR_RETURN(const auto periods, BothPeriods(request, request.flows(), &answer));
    FT_RETURN_IF_ERROR(both.AddFlows(request.flows(), periods));
  } else if (request.has_series()) {
    FT_ASSIGN_OR_RETURN(const auto periods, BothPeriods(request, request.series(), &answer));
    FT_RETURN_IF_ERROR(both.AddSeries(request.series(), periods));
  } else {
    return absl::InvalidArgumentError("question: say what is compared: top, flows or series");
  }
  FT_RETURN_IF_ERROR(both.Answer());
  return answer;
}

}  // namespace fundtrail::query
