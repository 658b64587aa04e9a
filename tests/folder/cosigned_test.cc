// The file `cosigned`: a checkpoint of this ledger that its rows begin with, or it is refused; and it goes with backups.
#include "ledger/folder/cosigned.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/folder/folder.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("what witnesses cosigned must be a beginning of the ledger that it lies beside") {
  Need(crypto::Init());
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::vector<std::string> notes{ledger->checkpoint()};
  for (std::uint64_t id = 1; id <= 6; ++id)
    notes.push_back(Need(ledger->AppendOne(PaymentBytes(id), clock.Read())).checkpoint);
  for (std::size_t i = 0; i < notes.size(); ++i)
    CHECK(Need(folder::CheckCosigned(notes[i], kLedgerName, ledger->store(), 7)).size == i + 1);

  const auto problem = [&](const std::string& note, std::uint64_t size) {
    const auto checked = folder::CheckCosigned(note, kLedgerName, ledger->store(), size);
    REQUIRE(checked.status().code() == absl::StatusCode::kDataLoss);
    return std::string(checked.status().message());
  };
  CHECK(problem(notes[4], 4).find("it has 5 records, and the ledger 4: either the ledger was set back") !=
        std::string::npos);
  CHECK(problem("nonsense", 7).find("is not this ledger's") != std::string::npos);
  CHECK(problem(notes[3].substr(0, notes[3].find("\n\n")) + "\nextension", 7).find("is not this ledger's") !=
        std::string::npos);
  TestClock later;
  later.now += 1;
  const auto other = Need(NewLedger(store::MakeMemoryStore(), later.Read()));
  CHECK(problem(other->checkpoint(), 7).find("one of the two was changed or put there") != std::string::npos);
  CHECK(folder::CheckCosigned(notes[0], "another.example", ledger->store(), 7).status().code() ==
        absl::StatusCode::kDataLoss);
}

TEST_CASE("the file is read and written whole") {
  const TempDir temp;
  const std::string dir = temp / "";
  CHECK_FALSE(Need(folder::ReadCosigned(dir)).has_value());
  Need(folder::WriteCosigned(dir, "one\n"));
  Need(folder::WriteCosigned(dir, "two\n"));
  CHECK(Need(folder::ReadCosigned(dir)) == "two\n");
  std::ofstream(temp / "cosigned") << std::string(tree::kMaxNoteBytes + 1, 'x');
  CHECK(folder::ReadCosigned(dir).status().code() == absl::StatusCode::kDataLoss);
  std::filesystem::remove(temp / "cosigned");
  std::filesystem::create_directory(temp / "cosigned");
  CHECK(folder::ReadCosigned(dir).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("a backup has what was cosigned") {
  Need(crypto::Init());
  const TempDir temp;
  TestClock clock;
  const auto ledger = Need(
      folder::CreateFolder(temp / "l", kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom()));
  const std::string backup = Need(folder::BackUpFolder(*ledger, temp / "backups", ledger->checkpoint()));
  CHECK(Need(folder::ReadCosigned(backup)) == ledger->checkpoint());
}

}  // namespace
}  // namespace fundtrail::testing
