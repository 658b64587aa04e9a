// Copies that keep up: brought up to date in their place, whole whatever ends it, never worse off for a source that lies.
#include "ledger/audit/follow.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/audit/verify.h"
#include "ledger/folder/cosigned.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/overlay.h"
#include "ledger/store/rocks.h"
#include "tests/audit/copy_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using std::chrono::milliseconds;

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

std::unique_ptr<audit::Follower> FollowerOf(const CopyDesk& desk) {
  return Need(audit::Follower::Open(desk.dir(), desk.vkey()));
}

StatusOr<std::uint64_t> CatchUp(audit::Follower* copy, const store::Reader& rows) {
  Told honest;
  Unreliable source(rows, &honest);
  return copy->CatchUp(&source);
}

TEST_CASE("a copy takes in what is new, and has every row of the ledger after each step") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(3);
  Need(desk.Clone());
  {
    const auto copy = FollowerOf(desk);
    CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 0);
    for (const std::uint64_t size : {4, 5, 90, 700}) {
      const std::uint64_t before = desk.ledger().size();
      desk.GrowTo(size);
      CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == size - before);
      CHECK(AllRows(copy->rows()) == AllRows(desk.ledger().store()));
      CHECK(copy->checkpoint().size == size);
      desk.CheckWhole();  // another process reads it so, beside the one that follows
    }
    desk.RotateFrom(kLedgerKey);
    desk.GrowTo(710);
    CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 10);
    CHECK(copy->vkey() == desk.ledger().vkey());
    CHECK(absl::IsUnavailable(audit::Follower::Open(desk.dir(), desk.vkey()).status()));
    CHECK(absl::IsUnavailable(desk.Clone().status()));  // one at a time
  }
  desk.CheckWhole();
  // Who knows the first key alone goes on, and so does who knows the present one.
  CHECK(FollowerOf(desk)->vkey() == desk.ledger().vkey());
  desk.Know(desk.ledger().vkey());
  desk.RotateFrom(kLedgerKey + 1, false);
  CHECK(Need(CatchUp(FollowerOf(desk).get(), desk.ledger().store())) == 1);
  CHECK(Need(CatchUp(FollowerOf(desk).get(), desk.ledger().store())) == 0);
  desk.CheckWhole();
  audit::VerifyOptions options;
  options.vkey = desk.ledger().vkey();
  CHECK(Need(audit::VerifyFolder(desk.dir(), options)).holds());
}

TEST_CASE("rows under a new key come in before the file that names it, which is tried again") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Need(desk.Clone());
  const auto copy = FollowerOf(desk);
  std::filesystem::create_directory(desk.dir() + "/.new");  // where a file is before it has its name
  desk.RotateFrom(kLedgerKey);
  for (int i = 0; i < 2; ++i) {
    CHECK(absl::IsUnavailable(CatchUp(copy.get(), desk.ledger().store()).status()));
    CHECK(copy->checkpoint().size == 6);
    CHECK(Need(folder::ReadVkey(desk.dir())) == desk.vkey());
  }
  std::filesystem::remove(desk.dir() + "/.new");
  CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 0);
  desk.CheckWhole();
}

TEST_CASE("what has more bytes than are held is left to a clone") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Need(desk.Clone());
  const auto copy = Need(audit::Follower::Open(desk.dir(), desk.vkey(), {500'000, 2'000}));
  desk.GrowTo(6);
  CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 1);
  desk.GrowTo(100);
  const auto end = CatchUp(copy.get(), desk.ledger().store()).status();
  CHECK(absl::IsOutOfRange(end));
  CHECK_THAT(std::string(end.message()), Contains("have more bytes than are held at a time"));
  CHECK(copy->checkpoint().size == 6);
}

TEST_CASE("what is not there may come yet, where there is a copy") {
  Need(crypto::Init());
  CopyDesk desk, first;
  desk.GrowTo(5);
  Need(desk.Clone());
  desk.GrowTo(9);
  store::Overlay none(static_cast<const store::Reader&>(desk.ledger().store()));
  none.Delete(model::keys::Checkpoint());
  Told told;
  CHECK(first.CloneOf(none, &told).status().code() == kDataLoss);
  CHECK(absl::IsUnavailable(desk.CloneOf(none, &told).status()));
  told.lacks = 5;
  CHECK(absl::IsUnavailable(desk.Clone(&told).status()));
  const auto copy = FollowerOf(desk);
  CHECK(absl::IsUnavailable(CatchUp(copy.get(), none).status()));
  Unreliable source(desk.ledger().store(), &told);
  const auto missing = copy->CatchUp(&source).status();
  CHECK(absl::IsUnavailable(missing));
  CHECK_THAT(std::string(missing.message()), Contains("record 5: its file is missing"));
  CHECK(copy->checkpoint().size == 5);
  told.lacks = UINT64_MAX;
  CHECK(Need(copy->CatchUp(&source)) == 4);
}

TEST_CASE("a checkpoint that others signed too is kept as the one that witnesses cosigned") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Need(desk.Clone());
  const auto copy = FollowerOf(desk);
  CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 0);
  CHECK_FALSE(copy->cosigned().has_value());
  for (const std::uint64_t size : {5, 8}) {
    desk.GrowTo(size);
    auto other = CheckpointOf(desk.ledger().store(), desk.vkey());
    other.origin = "witness.example/w";
    const std::string cosigned = Need(tree::SignCheckpoint(other, Key(9)));
    const std::string note =
        std::string(desk.ledger().checkpoint()) + cosigned.substr(cosigned.find("\n\n") + 2);
    store::Overlay rows(static_cast<const store::Reader&>(desk.ledger().store()));
    rows.Put(model::keys::Checkpoint(), note);
    Need(CatchUp(copy.get(), rows));
    CHECK(copy->cosigned() == note);
    CHECK(Need(folder::ReadCosigned(desk.dir())) == note);
  }
}

TEST_CASE("a source that breaks off or lies leaves every row as it was, and the next one goes on") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(300);
  Need(desk.Clone());
  const auto copy = FollowerOf(desk);
  const auto before = AllRows(copy->rows());
  desk.GrowTo(900);
  Told told;
  told.breaks_at = 850;
  Unreliable source(desk.ledger().store(), &told);
  CHECK(absl::IsUnavailable(copy->CatchUp(&source).status()));
  CHECK(AllRows(copy->rows()) == before);
  told.breaks_at = UINT64_MAX;
  told.flips = 870;
  const auto lied = copy->CatchUp(&source).status();
  CHECK(lied.code() == kDataLoss);
  CHECK_THAT(std::string(lied.message()), Contains("record 870") && Contains("the copy stays as it was"));
  CHECK(AllRows(copy->rows()) == before);
  told.flips = UINT64_MAX;
  CHECK(Need(copy->CatchUp(&source)) == 600);
  CHECK(told.first == 300);  // nothing is loaded twice
  CHECK(AllRows(copy->rows()) == AllRows(desk.ledger().store()));
}

TEST_CASE("a copy never goes back, and a second history is kept as evidence") {
  Need(crypto::Init());
  CopyDesk desk, other;
  desk.GrowTo(50);
  Need(desk.Clone());
  const auto copy = FollowerOf(desk);
  const auto before = AllRows(copy->rows());
  other.GrowTo(20);
  const auto behind = CatchUp(copy.get(), other.ledger().store()).status();
  CHECK(behind.code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(behind.message()), Contains("it shows 20 records, and the copy has 50"));
  CHECK_FALSE(std::filesystem::exists(desk.dir() + "/contradicting.checkpoint"));
  for (const std::uint64_t size : {50, 60}) {
    other.GrowTo(size, 7);
    const auto forked = CatchUp(copy.get(), other.ledger().store()).status();
    CHECK(forked.code() == kDataLoss);
    CHECK_THAT(std::string(forked.message()), Contains("convicts its operator of two histories"));
    CHECK(FileOf(desk.dir() + "/contradicting.checkpoint") == other.ledger().checkpoint());
  }
  desk.GrowTo(60);
  store::Overlay mirror(static_cast<const store::Reader&>(other.ledger().store()));
  mirror.Put(model::keys::Checkpoint(), desk.ledger().checkpoint());
  CHECK_THAT(std::string(CatchUp(copy.get(), mirror).status().message()), Contains("not by who signed it"));
  CHECK(AllRows(copy->rows()) == before);
  CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 10);
}

TEST_CASE("a key that was replaced brings no copy up to date") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  desk.RotateFrom(kLedgerKey);
  Need(desk.Clone());
  desk.GrowTo(9);
  store::Overlay rows(static_cast<const store::Reader&>(desk.ledger().store()));
  const auto own = CheckpointOf(rows, desk.ledger().vkey());
  rows.Put(model::keys::Checkpoint(), Need(tree::SignCheckpoint(own, Key(kLedgerKey))));
  const auto copy = FollowerOf(desk);
  const auto end = CatchUp(copy.get(), rows).status();
  CHECK(end.code() == kDataLoss);
  CHECK_THAT(std::string(end.message()),
             Contains("replaced by record 5") && Contains("the copy stays as it was"));
  CHECK(copy->checkpoint().size == 6);
  CHECK(copy->vkey() == desk.ledger().vkey());
}

TEST_CASE("what a process that was killed left behind is mended when the copy is opened") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(1'000);
  Told told;
  told.breaks_at = 700;
  CHECK_FALSE(desk.Clone(&told).ok());
  std::filesystem::copy(desk.dir() + "/next", desk.dir() + ".kept", std::filesystem::copy_options::recursive);
  Need(desk.Clone());
  // Between a rotation's rows and its file.
  std::ofstream(desk.dir() + "/vkey") << "example.org/other+00000000+AAAA\n";
  // What a clone left, now behind the copy.
  std::filesystem::rename(desk.dir() + ".kept", desk.dir() + "/next");
  SECTION("and following goes on") {
    const auto copy = FollowerOf(desk);
    CHECK(Need(folder::ReadVkey(desk.dir())) == desk.ledger().vkey());
    desk.GrowTo(1'001);
    CHECK(Need(CatchUp(copy.get(), desk.ledger().store())) == 1);
  }
  SECTION("and so does a clone, which takes up nothing that is behind the copy") {
    desk.GrowTo(1'001);
    CHECK(Need(desk.Clone()).resumed_at() == 1'000);
  }
  desk.CheckWhole();
}

// What is said to whoever keeps a copy.
struct Heard {
  std::vector<int> pauses;  // milliseconds
  std::uint64_t more = 0;
  int cloned = 0, away = 0, refused = 0;
  std::size_t until = 0;  // so many pauses, and then it ends
  std::function<void()> while_waits;

  audit::FollowHooks Hooks() {
    audit::FollowHooks hooks;
    hooks.wait = [this](milliseconds pause) {
      pauses.push_back(static_cast<int>(pause.count()));
      if (while_waits) while_waits();
      return pauses.size() < until;
    };
    hooks.cloned = [this](const v1::CloneAnswer&) { ++cloned; };
    hooks.caught_up = [this](const audit::Follower&, std::uint64_t records) { more += records; };
    hooks.away = [this](const Status&) { ++away; };
    hooks.refused = [this](const Status&) { ++refused; };
    return hooks;
  }
};

TEST_CASE("a source that is away is asked less and less often, and every second when it is back") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Need(desk.Clone());
  desk.GrowTo(9);
  Told told;
  told.breaks_at = 0;
  Unreliable source(desk.ledger().store(), &told);
  Heard heard;
  heard.until = 9;
  heard.while_waits = [&] {
    if (heard.pauses.size() == 7) told.breaks_at = UINT64_MAX;
  };
  CHECK(audit::KeepUp(FollowerOf(desk).get(), &source, heard.Hooks()).ok());
  CHECK(heard.pauses == std::vector<int>{1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000, 1'000, 1'000});
  CHECK(heard.away == 1);
  CHECK(heard.more == 4);
  desk.CheckWhole();
}

TEST_CASE("a source that shows fewer records is believed the third time") {
  Need(crypto::Init());
  CopyDesk desk, late;
  desk.GrowTo(9);
  Need(desk.Clone());
  late.GrowTo(5);
  const auto copy = FollowerOf(desk);
  Told honest;
  Unreliable source(late.ledger().store(), &honest);
  Heard once, always;
  once.until = 2;
  CHECK(audit::KeepUp(copy.get(), &source, once.Hooks()).ok());
  always.until = 9;
  CHECK(absl::IsFailedPrecondition(audit::KeepUp(copy.get(), &source, always.Hooks())));
  CHECK(always.pauses == std::vector<int>{1'000, 1'000});
  CHECK(always.away == 0);
}

TEST_CASE("a copy far behind a source that does not hold is opened as it is, and that is told once") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Need(desk.Clone());
  desk.GrowTo(400);  // some 3,000 rows
  Told told;
  told.flips = 300;
  Unreliable source(desk.ledger().store(), &told);
  audit::CloneOptions options;
  options.vkey = desk.vkey();
  Heard heard;
  const auto copy = Need(audit::OpenUpToDate(&source, desk.dir(), options, heard.Hooks(), {500}));
  REQUIRE(copy != nullptr);
  CHECK(copy->checkpoint().size == 5);
  CHECK(heard.refused == 1);
  CHECK(heard.pauses.empty());
}

TEST_CASE("following begins with a clone, and clones again when it fell far behind") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  Told told;
  told.breaks_at = 0;
  Unreliable source(desk.ledger().store(), &told);
  audit::CloneOptions options;
  options.vkey = desk.vkey();
  Heard heard;
  // There is nothing to keep up yet.
  CHECK(absl::IsUnavailable(audit::Follow(&source, desk.dir(), options, heard.Hooks(), {500})));
  CHECK(heard.pauses.empty());
  told.breaks_at = UINT64_MAX;
  heard.until = 4;
  heard.while_waits = [&] {
    if (heard.pauses.size() == 1) desk.GrowTo(8);
    if (heard.pauses.size() == 2) {
      desk.GrowTo(400);  // some 3,000 rows
      told.breaks_at = 0;
    }
    if (heard.pauses.size() == 3) told.breaks_at = UINT64_MAX;
  };
  CHECK(audit::Follow(&source, desk.dir(), options, heard.Hooks(), {500}).ok());
  CHECK(heard.cloned == 2);
  CHECK(heard.more == 3);
  CHECK(heard.away == 1);
  desk.CheckWhole();
}

TEST_CASE("a copy whose rows are not those of its checkpoint is not followed") {
  Need(crypto::Init());
  CopyDesk desk, other;
  desk.GrowTo(5);
  Need(desk.Clone());
  other.GrowTo(5, 7);
  const auto refuses = [&](const store::Batch& rows, const std::string& says) {
    Need(Need(store::OpenRocks(desk.dir() + "/store", store::Access::kWrite))->Write(rows));
    const auto opened = audit::Follower::Open(desk.dir(), desk.vkey()).status();
    CHECK(opened.code() == kDataLoss);
    CHECK_THAT(std::string(opened.message()), Contains(says));
  };
  refuses({{model::keys::Checkpoint(), Bytes(other.ledger().checkpoint())}},
          "the tree does not have the checkpoint's root");
  refuses({{Bytes("\xff"), Bytes("x")}}, "is no row of a ledger");
}

TEST_CASE("a folder that is no copy is not followed") {
  Need(crypto::Init());
  CopyDesk desk;
  desk.GrowTo(5);
  CHECK(absl::IsNotFound(audit::Follower::Open(desk.dir(), desk.vkey()).status()));
  Need(desk.Clone());
  std::ofstream(desk.dir() + "/signing.key") << "mine";
  CHECK_THAT(std::string(audit::Follower::Open(desk.dir(), desk.vkey()).status().message()),
             Contains("a ledger of its own"));
  std::filesystem::remove(desk.dir() + "/signing.key");
  const auto other = tree::FormatVkey(
      Need(tree::MakeVerifier("other.example/x", tree::KeyType::kEd25519, Key(1).public_key())));
  CHECK(absl::IsAlreadyExists(audit::Follower::Open(desk.dir(), other).status()));
}

}  // namespace
}  // namespace fundtrail::testing
