// See told_twice.h.
#include "ledger/iati/told_twice.h"

#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/sheets/row.h"

namespace fundtrail::iati {
namespace {

constexpr int kMaxCompared = 50;  // of payments that look the same, with one: the nearest days first

// The number without zeros that say nothing: "1.50" and "01.5" are the same.
std::string Plain(std::string number) {
  const bool minus = !number.empty() && number[0] == '-';
  if (minus) number.erase(0, 1);
  const std::size_t first = number.find_first_not_of('0');
  number.erase(0, first);
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return minus ? "-" + number : number;
}

std::int32_t DayOf(const Payment& payment) {
  const auto day = ParseDate(payment.date);
  return day.ok() ? day->days() : 0;
}

class Pairs {
 public:
  Pairs(bool accept_duplicates, Payments* payments) : accept_(accept_duplicates), all_(*payments) {}

  void Run() {
    std::vector<std::size_t> incoming;
    for (std::size_t i = 0; i < all_.payments.size(); ++i) {
      const Payment& payment = all_.payments[i];
      if (IsIncoming(*payment.transaction->kind)) {
        incoming.push_back(i);
      } else if (!payment.committed) {
        told_by_payer_[KeyOf(payment)].insert({DayOf(payment), i});
        links_.insert({payment.activity->id, payment.transaction->receiver.activity_id});
        paid_.insert({payment.activity->id, payment.to});
      }
    }
    gone_.assign(all_.payments.size(), false);
    // What names the most is paired first, so that nothing vaguer takes its place.
    for (const int links : {2, 1, 0})
      for (const std::size_t i : incoming)
        if (!gone_[i]) Pair(i, links);
    for (std::size_t i = 0; i < gone_.size(); ++i)
      if (!gone_[i] && !accept_) RefuseDoubtful(i);
    std::vector<Payment> left;
    for (std::size_t i = 0; i < all_.payments.size(); ++i)
      if (!gone_[i]) left.push_back(std::move(all_.payments[i]));
    all_.payments = std::move(left);
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  static Key KeyOf(const Payment& payment) {
    return {payment.from, payment.to, payment.asset, Plain(payment.amount)};
  }

  // How many of the two sides name the activity of the other; nothing where one names another activity.
  std::optional<int> Links(const Payment& paid, const Payment& received) const {
    int links = 0;
    for (const auto& [named, is] : {std::pair(&paid.transaction->receiver.activity_id, received.activity),
                                    std::pair(&received.transaction->provider.activity_id, paid.activity)}) {
      if (*named == is->id) ++links;
      if (*named != is->id && all_.activities.contains(*named)) return std::nullopt;
    }
    return links;
  }

  void Pair(std::size_t i, int wanted) {
    const Payment& received = all_.payments[i];
    const auto candidates = told_by_payer_.find(KeyOf(received));
    if (candidates == told_by_payer_.end()) return;
    const std::int32_t most = wanted == 0 ? 0 : kMaxDaysApart;
    const std::int32_t day = DayOf(received);
    auto& told = candidates->second;
    auto after = told.lower_bound({day, 0});
    auto before = after;
    for (int compared = 0; compared < kMaxCompared; ++compared) {
      const bool later = after != told.end() && after->first - day <= most;
      const bool earlier = before != told.begin() && day - std::prev(before)->first <= most;
      if (!later && !earlier) return;
      const bool take_later = later && (!earlier || after->first - day <= day - std::prev(before)->first);
      const auto at = take_later ? after++ : --before;
      const std::size_t j = at->second;
      if (all_.payments[j].activity == received.activity || Links(all_.payments[j], received) != wanted)
        continue;
      told.erase(at);
      return Join(i, j);
    }
  }

  // They are one payment. The payer's word stays.
  void Join(std::size_t i, std::size_t j) {
    const Payment& received = all_.payments[i];
    Payment& paid = all_.payments[j];
    gone_[i] = true;
    ++all_.told_twice;
    all_.remarks.Add(received.line, RemarkKind::kToldTwice, absl::StrCat("line ", paid.line));
    // The payee knows which of its activities it was, and the payer of which it came.
    const auto money = [](const std::string& project) {
      return project.empty() ? std::string(sheets::kGeneralMoney) : project;
    };
    const std::string from = paid.from_project.empty() ? money(paid.project) : paid.from_project;
    paid.project = received.project;
    paid.from_project = from == money(paid.project) ? "" : from;
  }

  void RefuseDoubtful(std::size_t i) {
    const Payment& payment = all_.payments[i];
    const std::string& provider = payment.transaction->provider.activity_id;
    const bool received = IsIncoming(*payment.transaction->kind);
    if (received && links_.contains({provider, payment.activity->id})) {
      return Refuse(i, absl::StrCat("activity ", Escaped(ClipToWidth(provider, 60)),
                                    " tells what it pays to this one, and this is none of it; where it is "
                                    "another payment, import with --accept-duplicates"));
    }
    // What fundtrail wrote is committed and not paid, whatever else is paid.
    const bool own = !payment.transaction->asset.empty();
    if (payment.committed && !own && paid_.contains({payment.activity->id, payment.to})) {
      Refuse(i,
             "the activity pays that party too, and what was paid of the commitment would count twice; where "
             "all of it is still to be paid, import with --accept-duplicates");
    }
  }

  void Refuse(std::size_t i, std::string why) {
    gone_[i] = true;
    Payment refused = all_.payments[i];
    refused.code = "DUPLICATE_SUSPECTED";
    refused.why = std::move(why);
    all_.refused.push_back(std::move(refused));
  }

  const bool accept_;
  Payments& all_;
  std::map<Key, std::set<std::pair<std::int32_t, std::size_t>>> told_by_payer_;  // by day; not paired yet
  std::set<std::pair<std::string, std::string>> links_;  // activities between which a payer tells payments
  std::set<std::pair<std::string, std::string>> paid_;   // an activity and a party that it pays
  std::vector<bool> gone_;
};

}  // namespace

void CountOnce(bool accept_duplicates, Payments* payments) { Pairs(accept_duplicates, payments).Run(); }

}  // namespace fundtrail::iati
