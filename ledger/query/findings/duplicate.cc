// DUPLICATE. Payments from one account to another of the same amount and value date, which were not sent back whole. And runs: at
// least `run` payments, one after another in the log, which are those of an earlier run in its order.
//
//   PAYMENTS_ALIKE   amount  all of them but the first    compared  all of them           count  how many payments
//                    those that a run repeats are not listed again
//   RUN_ALIKE        amount  the later run in this asset  compared  the same              count  its payments in it
//   SERIOUS          where each has the same reference as its twin, not empty, and the same words: its purpose, its words about a
//                    project, and its place. Else LOOK: equal rows are often innocent, and lines of one invoice share its number
#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

constexpr std::uint32_t kNoTwins = UINT32_MAX;

// A payment. One million take 27 MB, and 12 more for their order and their words.
struct AlikeMark {
  // What twins have in common, as a hash. Once twins are found: the reference, as a hash; 0 where there is none.
  std::uint64_t alike = 0;
  RecordIndex record;
  std::uint32_t line = 0;
  std::uint32_t twins = kNoTwins;  // a number of those that are alike
  TransferRef ref() const { return {record, line}; }
};
// With its place in the order, the hash of its words, and a bit: of these each is allocated once, when all payments are known.
constexpr std::size_t kAlikeMarkBytes =
    kDequeBytes<std::deque<AlikeMark>> + sizeof(std::uint32_t) + sizeof(std::uint64_t) + 1;

bool AreAlike(const model::TransferRow& one, const model::TransferRow& other) {
  return one.from == other.from && one.to == other.to && one.amount == other.amount && one.date == other.date;
}

// Payments that are alike: two or more places of the order, from `begin` to `end`.
struct AlikePayments {
  std::uint32_t begin = 0, end = 0;
  bool met = false;  // what follows is of the first that counts
  model::AccountNumber from, to;
  Amount amount;
  Date date;
};

// What is repeated of one asset by a run.
struct RepeatedPart {
  Wide amount = 0;
  std::uint64_t count = 0;
};

class DuplicateRule : public FindingWork {
 public:
  explicit DuplicateRule(const FindingInput& input)
      : view_(input.view), back_(*input.back), run_(static_cast<std::size_t>(input.Value("run"))) {}

  Status Take(const SummedTransfer& transfer) override {
    const model::TransferRow& row = transfer.row;
    if (!IsPayment(transfer)) return absl::OkStatus();
    marks_.push_back({absl::HashOf(row.from.value(), row.to.value(), row.amount.value(), row.date.days()),
                      transfer.ref.record, transfer.ref.line, kNoTwins});
    return kept_.Add(kAlikeMarkBytes);
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(FindTwins());
    FT_RETURN_IF_ERROR(FindRuns(list));
    FT_RETURN_IF_ERROR(ReadTwins());
    return AddTwins(list);
  }

 private:
  // The payments by what they have in common, and the earlier first among those that are alike.
  Status FindTwins() {
    order_.resize(marks_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::sort(order_.begin(), order_.end(), [this](std::uint32_t one, std::uint32_t other) {
      return std::pair(marks_[one].alike, one) < std::pair(marks_[other].alike, other);
    });
    // They are counted before there is room for them, so that this does not grow by copies of itself.
    std::size_t sets = 0;
    FT_RETURN_IF_ERROR(EachSet([&sets](std::uint32_t, std::uint32_t) { ++sets; }));
    FT_RETURN_IF_ERROR(kept_.Add(sets * sizeof(AlikePayments)));
    twins_.reserve(sets);
    return EachSet([this](std::uint32_t begin, std::uint32_t end) {
      for (std::uint32_t at = begin; at < end; ++at)
        marks_[order_[at]].twins = static_cast<std::uint32_t>(twins_.size());
      twins_.push_back({begin, end, false, {}, {}, {}, {}});
    });
  }

  // Those of the order that are alike, where they are two or more.
  template <typename TakeSet>
  Status EachSet(const TakeSet& take) const {
    for (std::uint32_t begin = 0; begin < order_.size();) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      std::uint32_t end = begin + 1;
      while (end < order_.size() && marks_[order_[end]].alike == marks_[order_[begin]].alike) ++end;
      if (end - begin > 1) take(begin, end);
      begin = end;
    }
    return absl::OkStatus();
  }

  // Of each place where `run` payments with twins begin, by all of them together.
  Status FindRuns(FindingList* list) {
    // The first such place of all that are the same: a later one is no earlier run where that one is none.
    absl::flat_hash_map<std::uint64_t, std::uint32_t> begins;
    constexpr std::size_t kBeginBytes = kSlotBytes<decltype(begins)>;
    std::size_t with_twins = 0, behind_run = 0;
    out_.assign(marks_.size(), false);
    for (std::size_t end = 1; end <= marks_.size(); ++end) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      with_twins = marks_[end - 1].twins == kNoTwins ? 0 : with_twins + 1;
      if (with_twins < run_) continue;
      const std::size_t begin = end - run_;
      if (begin < behind_run) continue;
      std::uint64_t together = 0;
      for (std::size_t i = begin; i < end; ++i) together = absl::HashOf(together, marks_[i].alike);
      const auto [earlier, is_new] = begins.try_emplace(together, static_cast<std::uint32_t>(begin));
      if (is_new) {
        FT_RETURN_IF_ERROR(kept_.Add(kBeginBytes));
        continue;
      }
      if (earlier->second + run_ > begin) continue;
      FT_ASSIGN_OR_RETURN(const std::size_t length, LengthOfRun(earlier->second, begin));
      if (length < run_) continue;
      FT_RETURN_IF_ERROR(AddRun(earlier->second, begin, length, list));
      behind_run = begin + length;
    }
    kept_.Drop(begins.size() * kBeginBytes);
    return absl::OkStatus();
  }

  // How many payments from both places on are alike, before the earlier run comes to the later one.
  StatusOr<std::size_t> LengthOfRun(std::size_t earlier, std::size_t later) const {
    std::size_t length = 0;
    TransferReader ones(view_), others(view_);
    while (later + length < marks_.size() && earlier + length < later) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (marks_[earlier + length].alike != marks_[later + length].alike) break;
      FT_ASSIGN_OR_RETURN(const auto one, ones.Read(marks_[earlier + length].ref()));
      FT_ASSIGN_OR_RETURN(const auto other, others.Read(marks_[later + length].ref()));
      if (!AreAlike(one, other)) break;
      ++length;
    }
    return length;
  }

  // One finding for each fund and asset of the later run, where not all of it was sent back.
  Status AddRun(std::size_t earlier, std::size_t later, std::size_t length, FindingList* list) {
    std::map<std::pair<std::string, std::string>, RepeatedPart> parts;
    std::map<std::pair<std::string, std::string>, std::set<std::string>> payers_of;
    SeenTransfers days;
    bool same_words = true;
    WordsReader earlier_words(view_), later_words(view_);
    TransferReader rows(view_);
    for (std::size_t i = 0; i < length; ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const TransferRef ref = marks_[later + i].ref();
      FT_ASSIGN_OR_RETURN(const auto row, rows.Read(ref));
      out_[later + i] = true;
      FT_ASSIGN_OR_RETURN(const bool back, back_.All(row));
      if (back) continue;
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
      RepeatedPart& part = parts[{from.fund(), from.asset()}];
      part.amount += row.amount.value();
      ++part.count;
      payers_of[{from.fund(), from.asset()}].insert(from.party());
      days.See(ref, row.date);
      if (!same_words) continue;
      FT_ASSIGN_OR_RETURN(const PaymentWords one, earlier_words.Of(marks_[earlier + i].ref()));
      FT_ASSIGN_OR_RETURN(const PaymentWords other, later_words.Of(ref));
      same_words = !one.reference.empty() && one.reference == other.reference && one.about == other.about;
    }
    for (const auto& [key, part] : parts) {
      v1::Finding finding;
      days.TellDays(&finding);
      finding.set_kind(v1::Finding::KIND_RUN_ALIKE);
      finding.set_grade(same_words ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      for (const std::string& payer : payers_of.at(key)) {
        if (finding.parties_size() == kMaxEvidence) break;
        finding.add_parties(payer);
      }
      finding.set_fund(key.first);
      finding.set_asset(key.second);
      finding.set_amount(Capped(part.amount));
      finding.set_compared(Capped(part.amount));
      finding.set_count(part.count);
      SetEvidence({marks_[earlier].ref(), marks_[earlier + length - 1].ref(), marks_[later].ref(),
                   marks_[later + length - 1].ref()},
                  &finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_DUPLICATE, std::move(finding)));
    }
    return absl::OkStatus();
  }

  // Of all that have twins, in the order of the log, so that each transfer and each record is read once: which of them count, and a
  // hash of their words in place of what they have in common.
  Status ReadTwins() {
    about_.assign(marks_.size(), 0);
    TransferReader rows(view_);
    WordsReader words(view_);
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      AlikeMark& mark = marks_[i];
      if (mark.twins == kNoTwins || out_[i]) continue;
      FT_ASSIGN_OR_RETURN(const auto row, rows.Read(mark.ref()));
      AlikePayments& of = twins_[mark.twins];
      if (!of.met) of = {of.begin, of.end, true, row.from, row.to, row.amount, row.date};
      // Others have its hash by a rare chance.
      const bool alike =
          of.from == row.from && of.to == row.to && of.amount == row.amount && of.date == row.date;
      FT_ASSIGN_OR_RETURN(const bool back, back_.All(row));
      out_[i] = back || !alike;
      if (out_[i]) continue;
      FT_ASSIGN_OR_RETURN(const PaymentWords said, words.Of(mark.ref()));
      mark.alike = said.reference.empty() ? 0 : absl::HashOf(said.reference) | 1;
      about_[i] = absl::HashOf(said.reference, said.about);
    }
    return absl::OkStatus();
  }

  // What the payments that count have in common.
  struct TwinWords {
    SeenTransfers seen;
    std::uint64_t count = 0;
    bool same = false;  // two have the same reference and the same words
    TransferRef
        twice;  // it has the reference of one before it, best with its words; no transfer where none has
  };
  StatusOr<TwinWords> WordsOf(const AlikePayments& of) {
    TwinWords words;
    using Hashes = std::set<std::uint64_t>;
    Hashes references, abouts;
    const std::size_t most = std::size_t{2} * (of.end - of.begin) * kNodeBytes<Hashes>;
    FT_RETURN_IF_ERROR(kept_.Add(most));
    for (std::uint32_t at = of.begin; at < of.end; ++at) {
      const std::uint32_t i = order_[at];
      const AlikeMark& mark = marks_[i];
      if (out_[i]) continue;
      words.seen.See(mark.ref(), of.date);
      ++words.count;
      if (mark.alike == 0 || words.same) continue;
      words.same = !abouts.insert(about_[i]).second;
      const bool again = !references.insert(mark.alike).second;
      if (words.same || (again && words.twice.line == 0)) words.twice = mark.ref();
    }
    kept_.Drop(most);
    return words;
  }

  Status AddTwins(FindingList* list) {
    // In the order of the payments whose reference is told, so that each record is read once.
    std::vector<std::pair<TransferRef, std::uint32_t>> told;
    FT_RETURN_IF_ERROR(kept_.Add(twins_.size() * sizeof(told[0])));
    told.reserve(twins_.size());
    for (std::uint32_t number = 0; number < twins_.size(); ++number) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const TwinWords words, WordsOf(twins_[number]));
      if (words.count >= 2) told.emplace_back(words.twice, number);
    }
    std::sort(told.begin(), told.end());
    WordsReader reader(view_);
    for (const auto& [twice, number] : told) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const AlikePayments& of = twins_[number];
      FT_ASSIGN_OR_RETURN(const TwinWords words, WordsOf(of));
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      v1::Finding finding;
      finding.set_kind(v1::Finding::KIND_PAYMENTS_ALIKE);
      finding.set_grade(words.same ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      finding.add_parties(from.party());
      finding.add_parties(to.party());
      finding.set_fund(from.fund());
      finding.set_project(from.project());
      finding.set_asset(from.asset());
      finding.set_amount(Capped(Wide{of.amount.value()} * (words.count - 1)));
      finding.set_compared(Capped(Wide{of.amount.value()} * words.count));
      if (twice.line != 0) {
        FT_ASSIGN_OR_RETURN(const PaymentWords said, reader.Of(twice));
        finding.set_reference(said.reference);
      }
      words.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_DUPLICATE, std::move(finding)));
    }
    return absl::OkStatus();
  }

  const View& view_;
  BackMoney& back_;
  const std::size_t run_;
  std::deque<AlikeMark> marks_;       // in the order of the log; it grows without a copy of itself
  std::vector<std::uint32_t> order_;  // of marks_
  std::vector<AlikePayments> twins_;  // by their numbers
  std::vector<bool> out_;  // of marks_: it repeats an earlier run, or was sent back, or is like no other
  std::vector<std::uint64_t> about_;  // of marks_: the reference and all other words, as a hash
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeDuplicateRule(const FindingInput& input) {
  return std::make_unique<DuplicateRule>(input);
}

}  // namespace fundtrail::query
