// Witnessing: every row of tlog-witness's table, the form of requests and answers, and other people's transcripts.
#include "ledger/tree/witness.h"

#include <catch2/catch.hpp>

#include "ledger/tree/merkle.h"
#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

constexpr std::uint64_t kNow = 1'767'139'200;

crypto::SigningKey Key(const std::string& name) {
  REQUIRE(crypto::Init().ok());
  std::string seed(32, 's');
  name.copy(seed.data(), seed.size());
  return crypto::SigningKey::FromSeed(seed).value();
}

std::string Vkey(const std::string& name, const std::string& key, KeyType type = KeyType::kEd25519) {
  return FormatVkey(MakeVerifier(name, type, Key(key).public_key()).value());
}

// A witness and what it keeps, as the program has them, without its disk.
struct Bench {
  explicit Bench(std::vector<WitnessedLog> followed) : logs(std::move(followed)) {}

  WitnessAnswer Post(const std::string& body) {
    const auto request = ParseAddCheckpoint(body);
    if (!request.ok()) return AnswerUnreadable(request.status());
    const WitnessedLog* log = nullptr;
    for (const auto& one : logs)
      if (one.origin == request->checkpoint.origin) log = &one;
    auto answer = AnswerAddCheckpoint(*request, log, last, cosigner, kNow);
    if (answer.keep.has_value()) {
      CHECK(answer.status == 200);
      const auto kept = OpenCosigned(*answer.keep, cosigner.verifier);
      REQUIRE(kept.ok());
      CHECK(*kept == request->checkpoint);
      last = *kept;
      keeps += 1;
    }
    if (answer.status == 200) {
      CHECK(answer.content_type == "text/plain; charset=utf-8");
      const auto line = CosignatureIn(answer.body, request->note.text, cosigner.verifier);
      REQUIRE(line.ok());
      CHECK(ReadBigEndian64(line->bytes) == kNow);
    }
    return answer;
  }

  std::vector<WitnessedLog> logs;
  Cosigner cosigner = MakeCosigner("example.com/witness", Key("witness")).value();
  std::optional<Checkpoint> last;
  int keeps = 0;
};

// A log of so many leaves, and another that has only the first of them in common.
class Tree {
 public:
  explicit Tree(const std::string& leaf) {
    for (int i = 0; i < 20; ++i)
      for (const Node& node : frontier_.Append(LeafHash(i < 3 ? "leaf" : leaf))) store_.Put(node);
  }
  Hash Root(std::uint64_t size) const { return RootAt(size, store_.reader()).value(); }
  std::vector<Hash> Proof(std::uint64_t from, std::uint64_t to) const {
    return ConsistencyProof(from, to, store_.reader()).value();
  }

 private:
  NodeStore store_;
  Frontier frontier_;
};

const std::string kOrigin = "log.example";

std::string Request(std::uint64_t old_size, const std::vector<Hash>& proof, const Checkpoint& checkpoint,
                    const std::vector<std::string>& keys = {"log"}) {
  AddCheckpoint request{old_size, proof, {FormatCheckpoint(checkpoint), {}}, checkpoint};
  for (const auto& key : keys)
    request.note.signatures.push_back(SignNoteText(request.note.text, checkpoint.origin, Key(key)).value());
  return FormatAddCheckpoint(request);
}
Checkpoint Of(const Tree& tree, std::uint64_t size) { return {kOrigin, size, tree.Root(size), {}}; }

TEST_CASE("the table of tlog-witness, row by row") {
  const Tree tree("one"), other("other");
  Bench witness(WitnessedLogs({Vkey(kOrigin, "log")}).value());
  REQUIRE(witness.Post(Request(0, {}, Of(tree, 7))).status == 200);
  REQUIRE(witness.last->size == 7);

  SECTION("an unknown origin: 404, whoever signed it") {
    Checkpoint unknown = Of(tree, 9);
    unknown.origin = "other.example";
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), unknown)).status == 404);
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), unknown, {"stranger"})).status == 404);
  }
  SECTION("no signature by a trusted key of the log: 403") {
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), Of(tree, 9), {"stranger"})).status == 403);
    // 403 comes before anything that the sizes would say.
    CHECK(witness.Post(Request(12, {}, Of(tree, 9), {"stranger"})).status == 403);
  }
  SECTION("a bad signature by a trusted key: 403, beside a good one too") {
    std::string body = Request(7, tree.Proof(7, 9), Of(tree, 9));
    const std::string good = body.substr(body.rfind("\xe2\x80\x94"));
    const std::string other_body = Request(7, tree.Proof(7, 9), Of(tree, 8));
    const std::string bad = other_body.substr(other_body.rfind("\xe2\x80\x94"));
    CHECK(witness.Post(body.substr(0, body.size() - good.size()) + bad).status == 403);
    CHECK(witness.Post(body + bad).status == 403);
    // One that cannot be read is bad too; what is no checkpoint at all is 400.
    CHECK(witness.Post(body.substr(0, body.size() - 2) + "!\n").status == 403);
    CHECK(witness.Post(body.substr(0, body.size() - good.size())).status == 403);
    CHECK(witness.Post("old 7\n\nlog.example\n\n" + good).status == 400);
    CHECK(witness.Post("old 7\n" + body.substr(body.find("\n\n") + 2)).status == 400);
    CHECK(witness.Post(body).status == 200);
  }
  SECTION("old above the checkpoint's size: 400, be it the last cosigned or not") {
    CHECK(witness.Post(Request(7, {}, Of(tree, 5))).status == 400);
    CHECK(witness.Post(Request(9, {}, Of(tree, 8))).status == 400);
  }
  SECTION("old is not the last cosigned size: 409 with that size") {
    for (const std::uint64_t old_size : {0, 3, 8}) {
      const auto answer = witness.Post(Request(old_size, tree.Proof(old_size, 9), Of(tree, 9)));
      CHECK(answer.status == 409);
      CHECK(answer.content_type == "text/x.tlog.size");
      CHECK(answer.body == "7\n");
      CHECK(SizeIn(answer.body).value() == 7);
    }
    Bench fresh(WitnessedLogs({Vkey(kOrigin, "log")}).value());
    CHECK(fresh.Post(Request(3, tree.Proof(3, 9), Of(tree, 9))).body == "0\n");
  }
  SECTION("old is 0, and there is a proof: 422") {
    Bench fresh(WitnessedLogs({Vkey(kOrigin, "log")}).value());
    CHECK(fresh.Post(Request(0, {tree.Root(1)}, Of(tree, 9))).status == 422);
    CHECK_FALSE(fresh.last.has_value());
  }
  SECTION("the proof fails: 422") {
    CHECK(witness.Post(Request(7, {}, Of(tree, 9))).status == 422);
    CHECK(witness.Post(Request(7, tree.Proof(6, 9), Of(tree, 9))).status == 422);
    auto longer = tree.Proof(7, 9);
    longer.push_back(tree.Root(1));
    CHECK(witness.Post(Request(7, longer, Of(tree, 9))).status == 422);
  }
  SECTION("another history under the same key: 422, with each proof that there is") {
    CHECK(witness.Post(Request(7, other.Proof(7, 9), Of(other, 9))).status == 422);
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), Of(other, 9))).status == 422);
    CHECK(witness.Post(Request(3, other.Proof(3, 9), Of(other, 9))).status == 409);
  }
  SECTION("size 0 with a root that is not the empty tree's: 422") {
    Bench fresh(WitnessedLogs({Vkey(kOrigin, "log")}).value());
    CHECK(fresh.Post(Request(0, {}, {kOrigin, 0, tree.Root(1), {}})).status == 422);
    CHECK(fresh.Post(Request(0, {}, {kOrigin, 0, EmptyRoot(), {}})).status == 200);
    CHECK(fresh.last->size == 0);
    CHECK(fresh.Post(Request(0, {}, Of(tree, 4))).status == 200);
  }
  SECTION("the same size with another root: 422") {
    const auto answer = witness.Post(Request(7, {}, Of(other, 7)));
    CHECK(answer.status == 422);
    CHECK(answer.body.find("two roots for the same size 7") != std::string::npos);
    CHECK_FALSE(answer.keep.has_value());
  }
  SECTION("else: 200 with the cosignature alone, and what is to be kept") {
    const auto answer = witness.Post(Request(7, tree.Proof(7, 12), Of(tree, 12), {"stranger", "log"}));
    CHECK(answer.status == 200);
    CHECK(answer.body.find("\xe2\x80\x94 example.com/witness ") == 0);
    CHECK(answer.body.find('\n') == answer.body.size() - 1);
    const auto kept = ParseNote(*answer.keep).value();
    REQUIRE(kept.signatures.size() == 2);  // the stranger's is not kept
    CHECK(kept.signatures[0].name == kOrigin);
    CHECK(kept.signatures[1].name == "example.com/witness");
    CHECK(witness.last->size == 12);
  }
  SECTION("the same checkpoint again with old = its size: 200, and nothing new to keep") {
    const auto answer = witness.Post(Request(7, {}, Of(tree, 7)));
    CHECK(answer.status == 200);
    CHECK_FALSE(answer.keep.has_value());
    CHECK(witness.Post(Request(7, {tree.Root(1)}, Of(tree, 7))).status == 422);
  }
  SECTION("extension lines are cosigned as they stand") {
    Checkpoint extended = Of(tree, 9);
    extended.extensions = {"a line"};
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), extended)).status == 200);
    CHECK(witness.last == extended);
  }
  SECTION("a witness without a clock signs nothing") {
    const auto request = ParseAddCheckpoint(Request(7, tree.Proof(7, 9), Of(tree, 9))).value();
    const auto answer = AnswerAddCheckpoint(request, &witness.logs[0], witness.last, witness.cosigner, 0);
    CHECK(answer.status == 500);
    CHECK_FALSE(answer.keep.has_value());
  }
}

TEST_CASE("a bad proof accuses nobody; two roots of one size, or a proof that contradicts, do") {
  const Tree tree("one"), other("other");
  const auto flipped = [&] {
    auto proof = tree.Proof(7, 9);
    proof.back() = LeafHash("flipped");
    return proof;
  };
  struct Row {
    const char* what;
    std::uint64_t old_size;
    std::vector<Hash> proof;
    Checkpoint checkpoint;
    int status;
    bool two_histories;
  };
  const std::vector<Hash> random(4, LeafHash("random"));
  std::vector<Hash> longer = tree.Proof(7, 9), shorter = longer;
  longer.push_back(LeafHash("more"));
  shorter.pop_back();
  const std::vector<Row> rows = {
      {"an honest checkpoint, no hashes", 7, {}, Of(tree, 9), 422, false},
      {"too few hashes", 7, shorter, Of(tree, 9), 422, false},
      {"too many hashes", 7, longer, Of(tree, 9), 422, false},
      {"random hashes", 7, random, Of(tree, 9), 422, false},
      {"random hashes, in the right number", 7, std::vector<Hash>(longer.size() - 1, LeafHash("random")),
       Of(tree, 9), 422, false},
      {"one hash changed", 7, flipped(), Of(tree, 9), 422, false},
      {"a proof of other sizes", 7, tree.Proof(6, 9), Of(tree, 9), 422, false},
      {"the other log's proof of an honest checkpoint", 7, other.Proof(7, 9), Of(tree, 9), 422, false},
      {"an old size above what was cosigned", 8, tree.Proof(8, 9), Of(tree, 9), 409, false},
      {"an old size below it", 3, other.Proof(3, 9), Of(other, 9), 409, false},
      {"an old size above the checkpoint's", 7, {}, Of(tree, 5), 400, false},
      {"the same again, with hashes", 7, random, Of(tree, 7), 422, false},
      {"another history, with a proof that does not lead to it", 7, tree.Proof(7, 9), Of(other, 9), 422,
       false},
      {"another history, with its own proof", 7, other.Proof(7, 9), Of(other, 9), 422, true},
      {"another root of the same size", 7, {}, Of(other, 7), 422, true},
      {"another root of the same size, with hashes", 7, random, Of(other, 7), 422, true},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Bench witness(WitnessedLogs({Vkey(kOrigin, "log")}).value());
    REQUIRE(witness.Post(Request(0, {}, Of(tree, 7))).status == 200);
    const auto answer = witness.Post(Request(row.old_size, row.proof, row.checkpoint));
    CHECK(answer.status == row.status);
    CHECK(answer.two_histories == row.two_histories);
    CHECK((answer.body.find("two histories") != std::string::npos) == row.two_histories);
    if (row.status == 422 && !row.two_histories) CHECK(answer.body.find("a bad proof: ") == 0);
    CHECK_FALSE(answer.keep.has_value());
    // Whatever was sent, the honest log goes on.
    CHECK(witness.Post(Request(7, tree.Proof(7, 9), Of(tree, 9))).status == 200);
  }
  // Signed by somebody else it is nobody's history.
  Bench witness(WitnessedLogs({Vkey(kOrigin, "log")}).value());
  REQUIRE(witness.Post(Request(0, {}, Of(tree, 7))).status == 200);
  CHECK_FALSE(witness.Post(Request(7, {}, Of(other, 7), {"stranger"})).two_histories);
}

TEST_CASE("a log may have more than one key: any of them signs, none badly") {
  const Tree tree("one");
  Bench witness(WitnessedLogs({Vkey(kOrigin, "log"), Vkey("b.example", "b"), Vkey(kOrigin, "new")}).value());
  REQUIRE(witness.logs.size() == 2);
  CHECK(witness.Post(Request(0, {}, Of(tree, 4), {"log"})).status == 200);
  CHECK(witness.Post(Request(4, tree.Proof(4, 5), Of(tree, 5), {"new"})).status == 200);
  CHECK(witness.Post(Request(5, tree.Proof(5, 6), Of(tree, 6), {"log", "new"})).status == 200);
  CHECK(witness.Post(Request(6, tree.Proof(6, 7), Of(tree, 7), {"b"})).status == 403);
  std::string forged = Request(6, tree.Proof(6, 7), Of(tree, 7), {"log", "new"});
  forged[forged.size() - 6] = forged[forged.size() - 6] == 'A' ? 'B' : 'A';
  CHECK(witness.Post(forged).status == 403);
}

TEST_CASE("what is followed are logs' keys, each once") {
  CHECK(WitnessedLogs({}).value().empty());
  for (const std::vector<std::string>& vkeys : {std::vector<std::string>{"nonsense"},
                                                {Vkey(kOrigin, "log", KeyType::kCosignature)},
                                                {Vkey(kOrigin, "log"), Vkey(kOrigin, "log")}})
    CHECK_FALSE(WitnessedLogs(vkeys).ok());
}

TEST_CASE("a request's form is strict and its bounds hold before anything is decoded") {
  const Tree tree("one");
  const std::string good = Request(7, tree.Proof(7, 9), Of(tree, 9));
  const auto parsed = ParseAddCheckpoint(good);
  REQUIRE(parsed.ok());
  CHECK(parsed->old_size == 7);
  CHECK(parsed->checkpoint == Of(tree, 9));
  CHECK(FormatAddCheckpoint(*parsed) == good);
  const std::string note = good.substr(good.find("\n\n") + 2),
                    hash = Base64Encode(tree.Root(1).view()) + "\n";
  for (const char* first :
       {"", "\n", "old\n", "old \n", "old -1\n", "old +1\n", "old 01\n", "old 1 \n", "Old 1\n", "old  1\n",
        "old 18446744073709551616\n", "7\n", "size 7\n", "old 7\r\n"})
    CHECK_FALSE(ParseAddCheckpoint(std::string(first) + "\n" + note).ok());
  CHECK(ParseAddCheckpoint("old 18446744073709551615\n\n" + note).ok());
  for (const char* line : {"abc=\n", " \n", "AAAA\n", "not base64\n"})
    CHECK_FALSE(ParseAddCheckpoint(std::string("old 7\n") + line + "\n" + note).ok());
  std::string most = "old 7\n";
  for (int i = 0; i < 63; ++i) most += hash;
  CHECK(ParseAddCheckpoint(most + "\n" + note).ok());
  CHECK_FALSE(ParseAddCheckpoint(most + hash + "\n" + note).ok());
  CHECK_FALSE(ParseAddCheckpoint("old 7\n" + hash).ok());
  CHECK_FALSE(ParseAddCheckpoint("old 7\n\n").ok());
  CHECK_FALSE(ParseAddCheckpoint("old 7\n\nnot a note\n").ok());
  CHECK_FALSE(ParseAddCheckpoint("old 7\n\nlog.example\nmany\n\n\xe2\x80\x94 log.example AAAAAAA=\n").ok());
  Checkpoint large = Of(tree, 9);
  large.extensions = {std::string(kMaxAddCheckpointBytes, 'x')};
  CHECK_FALSE(ParseAddCheckpoint(Request(7, {}, large)).ok());
}

TEST_CASE("an answer counts only with the witness's own good line") {
  const Tree tree("one");
  Bench witness(WitnessedLogs({Vkey(kOrigin, "log")}).value());
  const std::string text = FormatCheckpoint(Of(tree, 7)),
                    body = witness.Post(Request(0, {}, Of(tree, 7))).body;
  const Verifier& key = witness.cosigner.verifier;
  const auto line = [&](const std::string& name, const std::string& of) {
    return FormatNote({"", {CosignNoteText(of, name, Key(name), kNow).value()}}).substr(1);
  };
  CHECK(CosignatureIn(body, text, key).ok());
  CHECK(CosignatureIn(line("x.example", "nonsense\n") + body, text, key).ok());
  CHECK_FALSE(CosignatureIn(line("x.example", text), text, key).ok());
  CHECK_FALSE(CosignatureIn(body, FormatCheckpoint(Of(tree, 8)), key).ok());
  CHECK_FALSE(CosignatureIn("", text, key).ok());
  CHECK_FALSE(CosignatureIn("extension\n\n" + body, text, key).ok());
  CHECK_FALSE(CosignatureIn(body + std::string(kMaxAddCheckpointBytes, '\n'), text, key).ok());
  for (const char* size : {"", "7", "7\n\n", "-7\n", "07\n", " 7\n", "99999999999999999999\n"})
    CHECK_FALSE(SizeIn(size).ok());
  CHECK(SizeIn("0\n").value() == 0);
}

TEST_CASE("what was kept is known again, and nothing else is") {
  const Tree tree("one");
  Bench witness(WitnessedLogs({Vkey(kOrigin, "log")}).value());
  const std::string kept = *witness.Post(Request(0, {}, Of(tree, 7))).keep;
  CHECK(OpenCosigned(kept, witness.cosigner.verifier).value() == Of(tree, 7));
  const auto stranger = MakeCosigner("example.com/witness", Key("stranger")).value();
  CHECK_FALSE(OpenCosigned(kept, stranger.verifier).ok());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::string flipped = kept;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    const auto opened = OpenCosigned(flipped, witness.cosigner.verifier);
    if (opened.ok()) CHECK(*opened == Of(tree, 7));  // in the log's own signature
    CHECK_FALSE(OpenCosigned(kept.substr(0, i), witness.cosigner.verifier).ok());
  }
}

TEST_CASE("transcripts.json: what other witnesses answered") {
  const auto transcripts = ReadJson("witness/transcripts.json");
  REQUIRE(transcripts.size() == 4);
  int steps = 0;
  for (const auto& transcript : transcripts) {
    INFO(transcript["name"]);
    const auto& log = transcript["log"];
    const Verifier key =
        log.contains("vkey")
            ? ParseVkey(log["vkey"].get<std::string>()).value()
            : MakeVerifier(
                  log["origin"].get<std::string>(), KeyType::kEd25519,
                  crypto::PublicKey::FromHex(log["ed25519_public_key_hex"].get<std::string>()).value())
                  .value();
    Bench witness({{log["origin"], {key}}});
    for (const auto& step : transcript["steps"]) {
      INFO(++steps);
      const auto answer = witness.Post(step["request_body"]);
      CHECK(answer.status == step.value("status_by_current_spec", step["status"].get<int>()));
      if (step.contains("response_body")) CHECK(answer.body == step["response_body"]);
      if (step.contains("response_content_type")) CHECK(answer.content_type == step["response_content_type"]);
      for (const std::string& says : step.value("asserts", std::vector<std::string>()))
        if (says == "body == \"3\\n\"" || says == "body == \"5\\n\"")
          CHECK(answer.body == says.substr(9, 1) + "\n");
    }
  }
  CHECK(steps == 17);
}

TEST_CASE("parse-body.json: requests that are none") {
  const auto file = ReadJson("witness/parse-body.json");
  REQUIRE(file["cases"].size() == 4);
  const std::string good = Request(0, {}, Of(Tree("one"), 7));
  for (const auto& test : file["cases"])
    CHECK_FALSE(
        ParseAddCheckpoint(test["body_prefix"].get<std::string>() + good.substr(good.find("\n\n") + 2)).ok());
}

}  // namespace
}  // namespace fundtrail::tree
