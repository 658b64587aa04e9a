// What a witness keeps on the disk: it goes on from there, never begins anew, and vouches for nothing that it cannot keep.
#include "ledger/witness/witness.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "ledger/crypto/sha256.h"
#include "ledger/tree/merkle.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::witness {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

const std::string kOrigin = "log.example";

crypto::SigningKey Key(char seed) {
  REQUIRE(crypto::Init().ok());
  return crypto::SigningKey::FromSeed(std::string(32, seed)).value();
}
std::string LogVkey(const std::string& origin = kOrigin) {
  return FormatVkey(tree::MakeVerifier(origin, tree::KeyType::kEd25519, Key('l').public_key()).value());
}
std::string FileName(const std::string& origin = kOrigin) { return crypto::Sha256(origin).hex(); }

StatusOr<std::unique_ptr<Witness>> OpenAt(const std::string& dir, char key = 'w',
                                          const std::vector<std::string>& logs = {LogVkey()}) {
  return Witness::Open(dir, tree::MakeCosigner("w.example", Key(key)).value(),
                       tree::WitnessedLogs(logs).value(), [] { return Timestamp(1'767'139'200'000'000); });
}

// A log of 64 leaves.
std::string Request(std::uint64_t old_size, std::uint64_t size, const std::string& leaf = "leaf",
                    const std::string& origin = kOrigin) {
  std::map<std::pair<int, std::uint64_t>, Hash> nodes;
  tree::Frontier frontier;
  for (int i = 0; i < 64; ++i)
    for (const auto& node : frontier.Append(tree::LeafHash(leaf)))
      nodes[{node.level, node.index}] = node.hash;
  const auto reader = [&](int level, std::uint64_t index) -> StatusOr<Hash> {
    return nodes.at({level, index});
  };
  tree::AddCheckpoint request;
  request.old_size = old_size;
  request.proof = tree::ConsistencyProof(old_size, size, reader).value();
  request.checkpoint = {origin, size, tree::RootAt(size, reader).value(), {}};
  request.note.text = FormatCheckpoint(request.checkpoint);
  request.note.signatures = {tree::SignNoteText(request.note.text, origin, Key('l')).value()};
  return FormatAddCheckpoint(request);
}

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("what was cosigned is on the disk before it is answered, and a witness goes on from there") {
  const TempDir temp;
  const std::string dir = temp / "a/state";
  {
    const auto witness = OpenAt(dir).value();
    CHECK_FALSE(witness->Latest(FileName()).has_value());
    const auto judged = witness->Add(Request(0, 5));
    CHECK(judged.answer.status == 200);
    CHECK(judged.origin == kOrigin);
    CHECK(judged.size == 5);
    CHECK(Content(dir + "/" + FileName()) == *judged.answer.keep);
    CHECK(witness->Latest(FileName()) == *judged.answer.keep);
  }
  const auto witness = OpenAt(dir).value();
  CHECK(witness->Latest(FileName()).value() == Content(dir + "/" + FileName()));
  CHECK(witness->Add(Request(0, 9)).answer.body == "5\n");
  CHECK(witness->Add(Request(5, 5)).answer.status == 200);
  const std::string fork = Request(5, 5, "other");
  const auto forked = witness->Add(fork);
  CHECK(forked.answer.status == 422);
  CHECK(forked.answer.two_histories);
  CHECK(forked.evidence == dir + "/" + FileName() + ".fork");
  CHECK(Content(forked.evidence) == fork);
  // The first proof is enough, and stays.
  CHECK(witness->Add(Request(5, 5, "third")).evidence == forked.evidence);
  CHECK(Content(forked.evidence) == fork);
  CHECK(witness->Add(Request(5, 9)).answer.status == 200);
  CHECK(witness->Add("nonsense").answer.status == 400);
  CHECK(witness->Add(Request(0, 9, "leaf", "other.example")).answer.status == 404);
  CHECK(witness->Add(Request(0, 9, "leaf", "other.example")).origin.empty());
}

TEST_CASE("a log that is no longer followed is remembered") {
  const TempDir temp;
  const std::vector<std::string> both = {LogVkey(), LogVkey("b.example")};
  CHECK(OpenAt(temp / "s", 'w', both).value()->Add(Request(0, 5)).answer.status == 200);
  CHECK(OpenAt(temp / "s", 'w', {LogVkey("b.example")}).value()->Add(Request(5, 9)).answer.status == 404);
  CHECK(OpenAt(temp / "s", 'w', both).value()->Add(Request(0, 9)).answer.body == "5\n");
}

TEST_CASE("one process at a time has the folder") {
  const TempDir temp;
  const auto first = OpenAt(temp / "s").value();
  CHECK(OpenAt(temp / "s").status().code() == absl::StatusCode::kUnavailable);
}

TEST_CASE(
    "a witness whose folder was moved vouches for nothing more, and leaves the folder in its place alone") {
  const TempDir temp;
  const auto first = OpenAt(temp / "s").value();
  CHECK(first->Add(Request(0, 5)).answer.status == 200);
  fs::rename(temp / "s", temp / "moved");
  CHECK(first->Add(Request(5, 9)).answer.status == 500);
  const auto second = OpenAt(temp / "s").value();
  const auto judged = first->Add(Request(5, 9));
  CHECK(judged.answer.status == 500);
  CHECK(judged.answer.body.find("was moved or replaced meanwhile") != std::string::npos);
  CHECK_FALSE(fs::exists(temp / ("s/" + FileName())));
  CHECK(OpenAt(temp / "moved").status().code() == absl::StatusCode::kUnavailable);
  fs::rename(temp / "s", temp / "other");
  fs::rename(temp / "moved", temp / "s");
  CHECK(first->Add(Request(5, 9)).answer.status == 200);
}

TEST_CASE("what was kept and is damaged, cut off, or another's: the witness does not start") {
  const TempDir temp;
  const std::string dir = temp / "s", path = dir + "/" + FileName();
  CHECK(OpenAt(dir).value()->Add(Request(0, 5)).answer.status == 200);
  const std::string good = Content(path);
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), good.substr(0, good.rfind("\xe2\x80\x94")),
        std::string("log.example\n0\n") + good, std::string(100'000, 'x')}) {
    std::ofstream(path, std::ios::binary) << bad;
    const auto opened = OpenAt(dir);
    CHECK(opened.status().code() == absl::StatusCode::kDataLoss);
  }
  std::ofstream(path, std::ios::binary) << good;
  CHECK(OpenAt(dir, 'x').status().code() == absl::StatusCode::kDataLoss);  // another key
  fs::rename(path, dir + "/" + FileName("b.example"));
  CHECK(OpenAt(dir, 'w', {LogVkey("b.example")}).status().code() == absl::StatusCode::kDataLoss);
  fs::rename(dir + "/" + FileName("b.example"), path);
  // What a crash in the middle of writing leaves does not matter.
  std::ofstream(dir + "/.new") << good.substr(0, 20);
  CHECK(OpenAt(dir).value()->Add(Request(5, 9)).answer.status == 200);
}

TEST_CASE("a cosignature that cannot be kept is not given") {
  const TempDir temp;
  const auto witness = OpenAt(temp / "s").value();
  fs::create_directories(temp / ("s/" + FileName() + "/full"));  // no file can take its place
  const auto judged = witness->Add(Request(0, 5));
  CHECK(judged.answer.status == 500);
  CHECK_FALSE(judged.answer.keep.has_value());
  CHECK(judged.answer.body.find("nothing was cosigned: cannot write") == 0);
  CHECK_FALSE(witness->Latest(FileName()).has_value());
  fs::remove_all(temp / ("s/" + FileName()));
  CHECK(witness->Add(Request(0, 5)).answer.status == 200);
}

TEST_CASE("many at once: of two histories one is cosigned") {
  const TempDir temp;
  const auto witness = OpenAt(temp / "s").value();
  for (std::uint64_t size = 1; size <= 20; ++size) {
    std::vector<int> statuses(6);
    std::vector<std::thread> clients;
    for (std::size_t c = 0; c < statuses.size(); ++c) {
      clients.emplace_back([&, c] {
        const std::string leaf = size == 1 && c % 2 == 1 ? "other" : "leaf";
        statuses[c] = witness->Add(Request(size - 1, size, leaf)).answer.status;
      });
    }
    for (auto& client : clients) client.join();
    CHECK(std::count(statuses.begin(), statuses.end(), 200) == 1);
    if (statuses[1] == 200 || statuses[3] == 200 || statuses[5] == 200) return;  // the other history won
  }
}

}  // namespace
}  // namespace fundtrail::witness
