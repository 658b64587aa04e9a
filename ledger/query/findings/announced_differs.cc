// ANNOUNCED_DIFFERS. A notice that says a total or a number of rows, of kind
//
//   ALLOCATION            about payments into its projects, but for those from the project itself, and payments for its needs
//   RECIPIENTS, RESULT    about what another party paid to a RECIPIENT in its projects, and for its needs
//
// where neither is what these come to: neither all with a value date until its first day, nor those since the first day of the notice
// before it, of the same owner and kind about the same. A CORRECTION counts in place of the notice that it corrects. A notice
// that begins after D says nothing yet. What was sent back whole, and what is only committed, does not count.
//
//   TOTAL_DIFFERS   amount  by how much it differs from the closer of the two    compared  the total that it says
//   ROWS_DIFFER     number  how many payments there are, by the closer of the two    expected  the rows that it says
//
//   A total may differ by `part` of 10,000.    item  the notice    count  the payments    LOOK
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct AnnouncedNotice {
  std::string id, owner;
  v1::Announce::Kind kind = v1::Announce::KIND_UNSPECIFIED;  // of a correction that of what it corrects
  std::set<std::string> projects, needs;
  std::string asset;
  std::int64_t total = 0, rows = 0;
  Date from;
  std::uint64_t record = 0;
  std::string corrects;
};

struct ToldPayment {
  Date date;
  TransferRef ref;
  std::int64_t amount = 0;
  std::uint32_t asset = 0;    // a number of the walk
  bool puts_in = false;       // for ALLOCATION
  bool to_recipient = false;  // for RECIPIENTS and RESULT
};

// Payments and what they come to.
struct ToldSums {
  Wide sum = 0;
  std::size_t rows = 0;
};

// Payments about the same in one asset, or in all, by their date.
struct ToldLine {
  std::vector<ToldPayment> payments;
  std::vector<Wide> sums = {0};  // of the first so many
  std::size_t until = 0;         // so many have a date until the first day of the notice that is looked at
  SeenTransfers seen;            // of those

  ToldSums Since(std::size_t begin) const { return {sums[until] - sums[begin], until - begin}; }
};

// The notices of one owner and kind about the same.
struct ToldSeries {
  std::optional<Date> newest, before;  // their first days
};

class AnnouncedDiffersRule : public FindingWork {
 public:
  explicit AnnouncedDiffersRule(const FindingInput& input)
      : view_(input.view),
        back_(*input.back),
        as_of_(input.as_of),
        on_(input.on),
        part_(input.Value("part")) {}

  Status Take(const SummedTransfer& transfer) override {
    FT_RETURN_IF_ERROR(ReadNotices());
    const SummedAccount &from = transfer.from, &to = transfer.to;
    if (notices_.empty() || transfer.row.sends_back() || transfer.row.committed()) return absl::OkStatus();
    const bool to_recipient =
        to.party->role == v1::ROLE_RECIPIENT && from.party != to.party && IsHandedOn(transfer.row);
    ToldPayment payment{transfer.row.date, transfer.ref, transfer.row.to_amount.value(),
                        to.asset,          true,         to_recipient};
    std::vector<ToldPayment>* into = nullptr;
    if (to.project != 0) {
      payment.puts_in = from.project != to.project;
      if (!payment.puts_in && !payment.to_recipient) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(into, OfProject(to.project, transfer.row.to));
    } else if (!of_needs_.empty()) {
      FT_ASSIGN_OR_RETURN(const auto need, books::GetNeedOfTransfer(*view_.rows, transfer.ref));
      const auto found = need.has_value() ? of_needs_.find(*need) : of_needs_.end();
      if (found != of_needs_.end()) into = &found->second;
    }
    if (into == nullptr) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool back, back_.All(transfer.row));
    if (back) return absl::OkStatus();
    if (!assets_.contains(to.asset)) {
      FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, transfer.row.to));
      assets_.emplace(to.asset, name.asset());
    }
    into->push_back(payment);
    return kept_.Add(sizeof(ToldPayment));
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(ReadNotices());
    // About the same, each group by its first days: its payments are summed once.
    std::map<std::tuple<bool, std::set<std::string>, std::set<std::string>>,
             std::vector<const AnnouncedNotice*>>
        groups;
    for (const AnnouncedNotice& notice : notices_)
      groups[{notice.kind == v1::Announce::KIND_ALLOCATION, notice.projects, notice.needs}].push_back(
          &notice);
    for (const auto& [about, notices] : groups) FT_RETURN_IF_ERROR(CompareGroup(notices, list));
    return absl::OkStatus();
  }

 private:
  static Wide Apart(Wide one, Wide other) { return one > other ? one - other : other - one; }

  Status CompareGroup(const std::vector<const AnnouncedNotice*>& notices, FindingList* list) const {
    FT_ASSIGN_OR_RETURN(const auto payments, PaymentsOf(*notices.front()));
    std::map<std::string, ToldLine> lines;  // by their asset
    std::map<std::pair<std::string, v1::Announce::Kind>, ToldSeries> all_series;
    for (const AnnouncedNotice* notice : notices) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      auto line = lines.find(notice->asset);
      if (line == lines.end()) {
        FT_ASSIGN_OR_RETURN(ToldLine made, LineOf(payments, notice->asset));
        line = lines.emplace(notice->asset, std::move(made)).first;
      }
      ToldSeries& series = all_series[{notice->owner, notice->kind}];
      if (series.newest != notice->from) {
        series.before = series.newest;
        series.newest = notice->from;
      }
      FT_RETURN_IF_ERROR(Compare(*notice, series, &line->second, list));
    }
    return absl::OkStatus();
  }

  // By their date.
  StatusOr<std::vector<ToldPayment>> PaymentsOf(const AnnouncedNotice& notice) const {
    std::vector<ToldPayment> payments;
    const auto add = [&](const std::vector<ToldPayment>& of) -> Status {
      for (const ToldPayment& payment : of) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        if (notice.kind == v1::Announce::KIND_ALLOCATION ? payment.puts_in : payment.to_recipient)
          payments.push_back(payment);
      }
      return absl::OkStatus();
    };
    for (const std::string& id : notice.projects)
      if (const auto found = of_projects_.find(id); found != of_projects_.end())
        FT_RETURN_IF_ERROR(add(found->second));
    for (const std::string& id : notice.needs)
      if (const auto found = of_needs_.find(id); found != of_needs_.end())
        FT_RETURN_IF_ERROR(add(found->second));
    std::sort(payments.begin(), payments.end(), [](const ToldPayment& one, const ToldPayment& other) {
      return std::tie(one.date, one.ref) < std::tie(other.date, other.ref);
    });
    return payments;
  }

  // Of one asset; of all where none is said.
  StatusOr<ToldLine> LineOf(const std::vector<ToldPayment>& payments, const std::string& asset) const {
    ToldLine line;
    for (const ToldPayment& payment : payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (!asset.empty() && assets_.at(payment.asset) != asset) continue;
      line.payments.push_back(payment);
      line.sums.push_back(line.sums.back() + payment.amount);
    }
    return line;
  }

  Status Compare(const AnnouncedNotice& notice, const ToldSeries& series, ToldLine* line,
                 FindingList* list) const {
    for (; line->until < line->payments.size() && line->payments[line->until].date <= notice.from;
         ++line->until) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      line->seen.See(line->payments[line->until].ref, line->payments[line->until].date);
    }
    std::size_t begin = 0;  // the first one after the notice before
    if (series.before.has_value()) {
      const auto behind =
          std::upper_bound(line->payments.begin(), line->payments.end(), *series.before,
                           [](Date day, const ToldPayment& payment) { return day < payment.date; });
      begin = static_cast<std::size_t>(behind - line->payments.begin());
    }
    const ToldSums all = line->Since(0), since = line->Since(begin);
    const auto add = [&](bool is_since, v1::Finding finding) -> Status {
      if (!is_since || begin == 0) return Add(notice, line->seen, std::move(finding), list);
      SeenTransfers seen;
      for (std::size_t i = begin; i < line->until; ++i) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        seen.See(line->payments[i].ref, line->payments[i].date);
      }
      return Add(notice, seen, std::move(finding), list);
    };
    const Wide by_all = Apart(all.sum, notice.total), by_since = Apart(since.sum, notice.total);
    const Wide apart = std::min(by_all, by_since);
    if (notice.total > 0 && apart * kWhole > Wide{notice.total} * part_) {
      v1::Finding finding;
      finding.set_kind(v1::Finding::KIND_TOTAL_DIFFERS);
      finding.set_amount(Capped(apart));
      finding.set_compared(notice.total);
      FT_RETURN_IF_ERROR(add(by_since < by_all, std::move(finding)));
    }
    const Wide said = notice.rows, of_all = all.rows, of_since = since.rows;
    if (notice.rows > 0 && said != of_all && said != of_since) {
      const bool is_since = Apart(of_since, said) < Apart(of_all, said);
      v1::Finding finding;
      finding.set_kind(v1::Finding::KIND_ROWS_DIFFER);
      finding.set_number(static_cast<std::int64_t>(is_since ? since.rows : all.rows));
      finding.set_expected(notice.rows);
      FT_RETURN_IF_ERROR(add(is_since, std::move(finding)));
    }
    return absl::OkStatus();
  }

  static Status Add(const AnnouncedNotice& notice, const SeenTransfers& seen, v1::Finding finding,
                    FindingList* list) {
    finding.set_grade(v1::Finding::GRADE_LOOK);
    finding.add_parties(notice.owner);
    if (notice.projects.size() == 1 && notice.needs.empty()) finding.set_project(*notice.projects.begin());
    finding.set_asset(notice.asset);
    finding.set_item(notice.id);
    SeeDay(notice.from, &finding);
    seen.TellEvidence(&finding);
    SetRecords({notice.record}, &finding);
    return list->Add(v1::FINDING_RULE_ANNOUNCED_DIFFERS, std::move(finding));
  }

  // Null where no notice names it.
  StatusOr<std::vector<ToldPayment>*> OfProject(std::uint32_t number, model::AccountNumber account) {
    auto found = projects_.find(number);
    if (found == projects_.end()) {
      FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, account));
      const auto named = of_projects_.find(id);
      found = projects_.emplace(number, named == of_projects_.end() ? nullptr : &named->second).first;
    }
    return found->second;
  }

  // Once: those with figures, by their first day, and what they are about.
  Status ReadNotices() {
    if (read_) return absl::OkStatus();
    read_ = true;
    std::map<std::string, AnnouncedNotice> by_id;
    const auto see = [&](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::Announce& said = row.action().announce();
      const auto from = ParseDate(said.from());
      if (!from.ok())
        return model::Damaged(keys::Item(v1::Action::kAnnounce, said.id()), "has a day that is none");
      if (row.has_ended() || *from > on_) return absl::OkStatus();
      AnnouncedNotice notice{said.id(), said.owner(), said.kind(),    {},
                             {},        said.asset(), said.total(),   said.rows(),
                             *from,     row.record(), said.corrects()};
      notice.projects.insert(said.projects().begin(), said.projects().end());
      notice.needs.insert(said.needs().begin(), said.needs().end());
      FT_RETURN_IF_ERROR(kept_.Add(sizeof(AnnouncedNotice) + said.ByteSizeLong()));
      by_id.emplace(said.id(), std::move(notice));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kAnnounce, as_of_, see));
    std::set<std::string> corrected;
    for (auto& [id, notice] : by_id) {
      if (notice.kind != v1::Announce::KIND_CORRECTION) continue;
      // What is corrected is older, so that there is an end of them.
      const AnnouncedNotice* of = &notice;
      while (of != nullptr && of->kind == v1::Announce::KIND_CORRECTION) {
        corrected.insert(of->corrects);
        const auto found = by_id.find(of->corrects);
        of = found == by_id.end() || found->second.record >= of->record ? nullptr : &found->second;
      }
      if (of == nullptr) continue;
      notice.kind = of->kind;
      if (notice.projects.empty() && notice.needs.empty()) {
        notice.projects = of->projects;
        notice.needs = of->needs;
      }
    }
    for (auto& [id, notice] : by_id) {
      const bool tells = notice.kind == v1::Announce::KIND_ALLOCATION ||
                         notice.kind == v1::Announce::KIND_RECIPIENTS ||
                         notice.kind == v1::Announce::KIND_RESULT;
      if (!tells || corrected.contains(id) || (notice.total == 0 && notice.rows == 0) ||
          (notice.projects.empty() && notice.needs.empty()))
        continue;
      for (const std::string& project : notice.projects) of_projects_[project];
      for (const std::string& need : notice.needs) of_needs_[need];
      notices_.push_back(std::move(notice));
    }
    std::stable_sort(
        notices_.begin(), notices_.end(),
        [](const AnnouncedNotice& one, const AnnouncedNotice& other) { return one.from < other.from; });
    return absl::OkStatus();
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const Date on_;
  const std::int64_t part_;
  bool read_ = false;
  std::vector<AnnouncedNotice> notices_;                                    // by their first day
  std::map<std::string, std::vector<ToldPayment>> of_projects_, of_needs_;  // those that notices name
  std::map<std::uint32_t, std::vector<ToldPayment>*> projects_;             // by their numbers
  std::map<std::uint32_t, std::string> assets_;                             // by their numbers
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeAnnouncedDiffersRule(const FindingInput& input) {
  return std::make_unique<AnnouncedDiffersRule>(input);
}

}  // namespace fundtrail::query
