// A ledger that grows, its copy in a folder, and sources that break off or lie on the way: for the tests of copies.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "ledger/audit/clone.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {

inline std::string FileOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Told {
  std::uint64_t breaks_at = UINT64_MAX;  // the source goes away before this record
  std::uint64_t flips = UINT64_MAX;      // and changes a byte of this one
  std::uint64_t lacks = UINT64_MAX;      // and has no file with this one
  std::uint64_t first = UINT64_MAX;      // out: the first record that it was asked for
};

// A source that stops or lies as it is told.
class Unreliable final : public audit::Source {
 public:
  Unreliable(const store::Reader& rows, Told* told) : inner_(audit::FromStore(rows)), told_(*told) {}
  StatusOr<std::optional<std::string>> Checkpoint() override { return inner_->Checkpoint(); }
  Status Start(std::uint64_t from, std::uint64_t size) override {
    told_.first = at_ = from;
    return inner_->Start(from, size);
  }
  StatusOr<audit::Records> Next() override {
    if (at_ >= told_.breaks_at) return absl::UnavailableError("gone");
    if (at_ >= told_.lacks) return absl::NotFoundError("its file is missing");
    FT_ASSIGN_OR_RETURN(auto records, inner_->Next());
    for (auto& record : records)
      if (at_++ == told_.flips) record.bytes[40] = static_cast<char>(record.bytes[40] ^ 1);
    return records;
  }
  StatusOr<audit::Comparison> Compare(const store::Reader& rows, std::uint64_t size) override {
    return inner_->Compare(rows, size);
  }

 private:
  std::unique_ptr<audit::Source> inner_;
  Told& told_;
  std::uint64_t at_ = 0;
};

class CopyDesk {
 public:
  CopyDesk() {
    log::KeyRing ring;
    ring.prepared = [](const crypto::PublicKey& wanted) -> StatusOr<crypto::SigningKey> {
      for (int key = kLedgerKey + 1; key < kLedgerKey + 4; ++key)
        if (Key(key).public_key() == wanted) return Key(key);
      return absl::NotFoundError("not here");
    };
    ledger_ = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey), GenesisBytes(),
                                       clock_.Read(), ring));
    vkey_ = ledger_->vkey();
  }

  // The ledger's key number `from` gives way to the next.
  void RotateFrom(int from, bool endorsed = true) {
    Need(ledger_->AppendOne(
        SignedBytes(Entry("root", ledger_->size(), {Rotate(from, from + 1, endorsed)}), {1}), clock_.Read()));
  }
  void Know(const std::string& vkey) { vkey_ = vkey; }

  void GrowTo(std::uint64_t size, std::int64_t amount = 100) {
    std::vector<Bytes> entries;
    for (std::uint64_t id = ledger_->size(); id < size; ++id) entries.push_back(PaymentBytes(id, amount));
    for (const auto& receipt : ledger_->Append(entries, clock_.Read())) Need(receipt.status());
  }
  StatusOr<v1::CloneAnswer> Clone(Told* told) { return CloneOf(ledger_->store(), told); }
  StatusOr<v1::CloneAnswer> Clone() {
    Told honest;
    return Clone(&honest);
  }
  StatusOr<v1::CloneAnswer> CloneOf(const store::Reader& rows, Told* told) {
    Unreliable source(rows, told);
    audit::CloneOptions options;
    options.vkey = vkey_;
    options.rows_at_once = 2'000;  // of some 240 payments
    return audit::Clone(&source, dir(), options);
  }
  // The copy has every row of the ledger and no other, and nothing else is in the folder.
  void CheckWhole() {
    const auto rows = Need(folder::OpenFolderToRead(dir()));
    CHECK(AllRows(*rows) == AllRows(ledger_->store()));
    CHECK(Need(folder::ReadVkey(dir())) == ledger_->vkey());
    CHECK_FALSE(std::filesystem::exists(dir() + "/next"));
  }
  std::uint64_t SizeThere() {
    const auto rows = folder::OpenFolderToRead(dir());
    return rows.ok() ? CheckpointOf(**rows, ledger_->vkey()).size : 0;
  }
  std::string dir() const { return temp_ / "copy"; }
  log::Ledger& ledger() { return *ledger_; }
  const std::string& vkey() const { return vkey_; }

 private:
  TempDir temp_;
  TestClock clock_;
  std::unique_ptr<log::Ledger> ledger_;
  std::string vkey_;  // that the reader knows
};

}  // namespace fundtrail::testing
