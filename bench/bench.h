// What the benchmarks share: a watch, a world of a donor and departments, and entries that are signed.
#pragma once

#include <chrono>
#include <cstdlib>
#include <string>

#include "fmt/format.h"
#include "ledger/log/ledger.h"
#include "ledger/model/entry.h"

namespace fundtrail::bench {

inline constexpr char kName[] = "bench.example/ledger";
inline constexpr int kDepartments = 500;

inline double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline void Must(const Status& status) {
  if (status.ok()) return;
  fmt::print(stderr, "{}\n", std::string(status.message()));
  std::exit(1);
}
template <typename T>
T Must(StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

inline crypto::SigningKey Key() { return Must(crypto::SigningKey::FromSeed(Bytes(32, 'b'))); }

inline v1::Entry EntryWith(std::uint64_t id) {
  v1::Entry entry;
  entry.set_ledger(kName);
  entry.set_author("root");
  Bytes bytes(8, '\0');
  AppendBigEndian64(&bytes, id);
  entry.set_id(bytes);
  entry.set_date("2026-01-01");
  return entry;
}

inline Bytes Signed(const v1::Entry& entry, const crypto::SigningKey& key) {
  return model::SerialiseDeterministic(Must(model::SignEntry(entry, key)));
}

inline void AddParty(v1::Entry* entry, const std::string& id, v1::Role role) {
  auto* party = entry->add_actions()->mutable_register_party();
  party->set_id(id);
  party->set_name(id);
  party->set_parent("root");
  party->set_role(role);
}

inline void AddPayment(v1::Entry* entry, const std::string& from, const std::string& to,
                       std::int64_t amount) {
  auto* transfer = entry->add_actions()->mutable_transfer();
  transfer->set_from(from);
  transfer->set_to(to);
  transfer->set_fund("fund");
  transfer->set_asset("CNY");
  transfer->set_amount(amount);
  transfer->set_kind(v1::TRANSFER_KIND_ALLOCATION);
  transfer->set_purpose("winter relief");
}

inline v1::Entry Genesis() {
  v1::Entry genesis = EntryWith(0);
  auto* action = genesis.add_actions()->mutable_genesis();
  action->set_root_party("root");
  action->set_root_name("root");
  action->set_threshold(1);
  action->set_rules(1);
  action->add_root_keys(std::string(Key().public_key().view()));
  return genesis;
}

// The donor, departments d0, d1, …, the asset CNY, the fund `fund`.
inline v1::Entry Names() {
  v1::Entry names = EntryWith(1);
  AddParty(&names, "donor", v1::ROLE_SOURCE);
  for (int i = 0; i < kDepartments; ++i) AddParty(&names, fmt::format("d{}", i), v1::ROLE_HOLDER);
  names.add_actions()->mutable_declare_asset()->set_code("CNY");
  auto* fund = names.add_actions()->mutable_open_fund();
  fund->set_id("fund");
  fund->set_name("fund");
  fund->set_owner("root");
  return names;
}

}  // namespace fundtrail::bench
