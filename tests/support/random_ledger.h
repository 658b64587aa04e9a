// A ledger with records, on which payments of all kinds were tried at random: earmarks, returns and returns of returns,
// commitments, reclassifications and exchanges, with value dates in no order. A project in a programme stands beside general money.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/query/view.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {

struct RandomLedger {
  struct Made {
    std::uint64_t record = 0;
    v1::Transfer transfer;
  };

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::mt19937_64 random;
  std::vector<Made> made;
  std::uint64_t ids = 100;
  bool exchanges = false;
  std::vector<std::string> payers = {"donor", "unrecorded", "ministry", "county", "charity"};
  std::vector<std::string> players = {"donor",   "unrecorded", "ministry", "county",
                                      "charity", "village",    "hamlet"};

  RandomLedger(std::uint64_t seed, bool with_exchanges, int tries = 90)
      : random(seed), exchanges(with_exchanges) {
    Need(Append({Party("unrecorded", "root", v1::ROLE_SOURCE), Party("county", "ministry"),
                 Party("charity", "root"), Inferred("hamlet", "county"), Fund("school", "root"),
                 Asset("USD")}));
    for (int i = 0; i < tries; ++i) Try();
  }

  Status Append(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ++ids, actions), {1}), clock.Read()).status();
  }
  std::uint64_t Below(std::uint64_t bound) { return random() % bound; }
  const std::string& Any(const std::vector<std::string>& of) { return of[Below(of.size())]; }

  v1::Action Invent() {
    const auto amount = static_cast<std::int64_t>(1 + Below(30));
    if (!made.empty() && Below(5) == 0) {
      const Made& back = made[Below(made.size())];
      v1::Action action = Returning(Pay(back.transfer.to(), back.transfer.from(), amount), Ref(back.record));
      action.mutable_transfer()->set_fund(back.transfer.fund());
      action.mutable_transfer()->set_stage(back.transfer.stage());
      return action;
    }
    if (Below(8) == 0) return Reclassify(Any(payers), "school", amount);
    if (exchanges && Below(8) == 0) return Exchange(Any(payers), Any(players), amount, "USD", 1 + amount / 2);
    v1::Action pay = Pay(Any(payers), Any(players), amount);
    if (Below(5) == 0) pay.mutable_transfer()->set_fund("school");
    if (Below(3) == 0) pay = Committed(pay);
    if (Below(3) == 0)
      for (const Made& one : made)
        if (one.transfer.to() == pay.transfer().from() && pay.transfer().draws_size() < 2 && Below(3) == 0)
          *pay.mutable_transfer()->add_draws() = Ref(one.record);
    return pay;
  }

  void Try() {
    const std::uint64_t record = ledger->size();
    v1::Action action = Invent();
    // Some 400 days, several payments on many of them.
    constexpr std::int32_t kFirstDay = 19'900;
    action.mutable_transfer()->set_value_date(
        fundtrail::ToString(Date(kFirstDay + static_cast<std::int32_t>(4 * made.size() + Below(6)))));
    if (Append({action}).ok()) made.push_back({record, action.transfer()});
  }

  query::View view() const { return Need(query::MakeView(ledger->store())); }
};

}  // namespace fundtrail::testing
