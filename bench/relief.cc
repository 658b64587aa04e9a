// See relief.h.
#include "bench/relief.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "bench/bench.h"

namespace fundtrail::bench {
namespace {

constexpr std::uint64_t kPartiesEach = 500;  // in an entry
constexpr std::size_t kGroup = 64;  // entries that are written at once, as a server with many clients does
constexpr std::int64_t kGranted = 2'020, kPart = 100;  // a department keeps 20

// What is appended, in groups.
class Groups {
 public:
  explicit Groups(log::Ledger* ledger) : ledger_(*ledger) {}
  void Add(const v1::Entry& entry) {
    waiting_.push_back(Signed(entry, key_));
    if (waiting_.size() == kGroup) Write();
  }
  void Write() {
    for (const auto& receipt : ledger_.Append(std::exchange(waiting_, {}), clock_)) Must(receipt.status());
  }

 private:
  log::Ledger& ledger_;
  const crypto::SigningKey key_ = Key();
  const log::Clock clock_ = log::SystemClock();
  std::vector<Bytes> waiting_;
};

}  // namespace

Relief FillRelief(log::Ledger* ledger, std::uint64_t transfers, std::uint64_t parties) {
  Groups groups(ledger);
  groups.Add(Names());
  std::uint64_t id = 2;
  for (std::uint64_t from = 0; from < parties; from += kPartiesEach) {
    v1::Entry entry = EntryWith(id++);
    for (std::uint64_t n = from; n < std::min(parties, from + kPartiesEach); ++n) {
      AddParty(&entry, fmt::format("p{}", n), n % 2 == 0 ? v1::ROLE_HOLDER : v1::ROLE_RECIPIENT);
      entry.mutable_actions(entry.actions_size() - 1)
          ->mutable_register_party()
          ->set_name(fmt::format("Relief society of county {}", n * 7'919 % parties));
    }
    groups.Add(entry);
  }
  groups.Write();
  Relief made;
  made.first = ledger->size();
  for (; made.transfers < transfers; made.transfers += kReliefPaid + 1) {
    v1::Entry entry = EntryWith(id++);
    const std::string department = fmt::format("d{}", made.grants % kDepartments);
    AddPayment(&entry, "donor", department, kGranted);
    for (std::uint64_t n = 0; n < kReliefPaid; ++n)
      AddPayment(&entry, department, fmt::format("p{}", (made.transfers + n) * 37 % parties), kPart);
    groups.Add(entry);
    ++made.grants;
  }
  groups.Write();
  return made;
}

}  // namespace fundtrail::bench
