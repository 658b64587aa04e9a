// A small ledger that holds, with rows of every kind, and its verdict: what the tests of verify damage.
#pragma once

#include <filesystem>
#include <memory>

#include "google/protobuf/stubs/logging.h"
#include "ledger/audit/verify.h"
#include "ledger/log/ledger.h"
#include "ledger/store/memory.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {

inline log::Clock TickingClock() {
  auto now = std::make_shared<std::int64_t>(1'700'000'000'000'000);
  return [now] { return Timestamp(*now += 1000); };
}

// The ledger `kLedgerName`: key 1 is the root's, key 2 pays until record 6, key 9 is the ledger's own.
inline void Fill(log::Ledger* ledger, const log::Clock& clock) {
  std::uint64_t id = 1;
  const auto append = [&](const std::vector<v1::Action>& actions, std::initializer_list<int> signers) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id++, actions), signers), clock).status());
  };
  v1::Action donor = Party("donor", "root", v1::ROLE_SOURCE);
  auto* known_as = donor.mutable_register_party()->add_alternative_ids();
  known_as->set_scheme("XM-DAC");
  known_as->set_id("41122");
  append({donor, Party("ministry", "root"), Party("village", "ministry", v1::ROLE_RECIPIENT),
          Fund("flood", "root"), Asset("CNY"), Authorise(2, "root", {v1::PERMISSION_PAY}, true)},
         {1});
  append({Pay("donor", "ministry", 500), Pay("donor", "ministry", 300)}, {2});
  append({Drawing(Pay("ministry", "village", 200), {Ref(2, 2)})}, {2});
  append({Pay("ministry", "village", 100)}, {2});
  append({Returning(Pay("village", "ministry", 40), Ref(3, 1), v1::TRANSFER_KIND_RETURN)}, {2});
  append({Revoke(2, "root"), Amending(Fund("flood", "ministry"), 1, "it is theirs now")}, {1});
  append({Pay("ministry", "village", 10)}, {1});
}

inline std::unique_ptr<log::Ledger> Honest() {
  Need(crypto::Init());
  google::protobuf::SetLogHandler(nullptr);  // damaged texts are what these tests make
  const auto clock = TickingClock();
  auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(9),
                                         SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}), clock));
  Fill(ledger.get(), clock);
  return ledger;
}

// With the replay in memory where there is such a folder: a disk is waited for a dozen times a verification.
inline audit::VerifyOptions Trusting(const std::string& vkey) {
  audit::VerifyOptions options;
  options.vkey = vkey;
  if (std::filesystem::is_directory("/dev/shm")) options.scratch_dir = "/dev/shm";
  return options;
}

inline v1::VerifyAnswer Verify(const store::Reader& rows, const std::string& vkey) {
  return Need(audit::VerifyStore(rows, Trusting(vkey)));
}

}  // namespace fundtrail::testing
