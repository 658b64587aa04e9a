// What a body keeps of persons: ids that tell nothing, salts of their own, proofs, and what erasing leaves.
#include "ledger/intake/personal_store.h"

#include <catch2/catch.hpp>

#include "ledger/model/personal.h"
#include "tests/support/personal.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using intake::PersonalBook;

// Counts up, so that ids and salts can be foretold.
crypto::RandomSource Counting() {
  return [next = std::uint8_t{0}](std::span<std::uint8_t> out) mutable {
    for (std::uint8_t& byte : out) byte = next++;
  };
}

// Draws 32 times "s", as kNameHash has it.
crypto::RandomSource Same() {
  return [](std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out) byte = 's';
  };
}

TEST_CASE("a person gets a random id and a body's own name, and values their commitments") {
  PersonalBook book;
  const std::string id = Need(book.Add("case-17", Counting()));
  CHECK(id == "hh-abcdefghijklmnopqrstuvwxyz");
  CHECK(book.Add("case-17", crypto::SystemRandom()).status().code() == absl::StatusCode::kAlreadyExists);
  const std::string another = Need(book.Add("", crypto::SystemRandom()));
  CHECK(another != id);
  CHECK(another.size() == id.size());
  CHECK(book.Find("case-17")->id == id);
  CHECK(book.Find(id)->ref == "case-17");
  CHECK(book.Find("") == nullptr);  // no own name is nobody's name
  CHECK(book.Find("case-18") == nullptr);

  CHECK(Need(book.Commit("case-17", "name", "Li Si", Same())) == kNameHash);
  const std::string phone = Need(book.Commit(id, "phone", "0857 5221234", Counting()));
  const std::string newer = Need(book.Commit(id, "phone", "0857 5221234", Same()));
  CHECK(phone != newer);  // another salt
  CHECK(
      intake::CommitmentOptions(*book.Find(id)) ==
      std::vector<std::string>{absl::StrCat("--commitment name=", kNameHash), "--commitment phone=" + newer});

  CHECK(book.Commit("case-18", "name", "Li", Same()).status().code() == absl::StatusCode::kNotFound);
  CHECK_FALSE(book.Commit(id, "two words", "x", Same()).ok());
  CHECK_FALSE(book.Commit(id, "note", std::string(intake::kMaxValueBytes + 1, 'x'), Same()).ok());
  CHECK_FALSE(book.Commit(id, "note", "two\nlines", Same()).ok());
  CHECK(Need(PersonalBook::Parse(book.Text())).Text() == book.Text());
}

TEST_CASE("a person has as many fields as a party may have commitments") {
  PersonalBook book;
  const std::string id = Need(book.Add("", Counting()));
  for (std::size_t i = 0; i < intake::kMaxPersonalFields; ++i)
    REQUIRE(book.Commit(id, absl::StrCat("f", i), "x", Same()).ok());
  CHECK_FALSE(book.Commit(id, "more", "x", Same()).ok());
  CHECK(book.Commit(id, "f0", "y", Same()).ok());
  CHECK(intake::CommitmentOptions(*book.Find(id)).size() == intake::kMaxPersonalFields);
}

TEST_CASE("a proof has one value and its salt, and any change of it gives another hash") {
  PersonalBook book;
  const std::string id = Need(book.Add("case-17", Counting()));
  Need(book.Commit(id, "name", "Li Si", Same()).status());
  Need(book.Commit(id, "phone", "0857 5221234", Same()).status());
  const std::string text = intake::ProofText(Need(book.Prove("case-17", "name")));
  CHECK_THAT(text, !Contains("0857"));
  CHECK_THAT(text, !Contains("case-17"));
  CHECK(intake::HashOf(Need(intake::ParseProof(text))) == kNameHash);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"Li Si", "Li Er"}, {"salt 73", "salt 74"}, {"field name", "field phone"}}) {
    INFO(from);
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    CHECK(intake::HashOf(Need(intake::ParseProof(changed))) != kNameHash);
  }
  for (const std::string& bad :
       {std::string(), text + "more\n", text.substr(0, text.size() - 1), "x" + text}) {
    CHECK_FALSE(intake::ParseProof(bad).ok());
  }
  CHECK(book.Prove(id, "village").status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("what is erased is gone, and only its hash stays until the ledger says so") {
  PersonalBook book;
  const std::string id = Need(book.Add("case-17", Counting()));
  Need(book.Commit(id, "name", "Li Si", Same()).status());
  Need(book.Commit(id, "phone", "111", Counting()).status());
  Need(book.Commit(id, "phone", "222", Counting()).status());
  CHECK(book.Erase(id, "village").status().code() == absl::StatusCode::kNotFound);
  CHECK(Need(book.Erase("case-17", "phone")) == 2);  // the earlier value too
  CHECK(Need(book.Erase("case-17", "phone")) == 0);
  CHECK(book.Prove(id, "phone").status().code() == absl::StatusCode::kNotFound);
  CHECK_THAT(book.Text(), !Contains(HexEncode("111")));
  CHECK_THAT(book.Text(), !Contains(HexEncode("222")));
  CHECK_THAT(book.Text(), Contains(HexEncode("Li Si")));
  book.Told(id);
  CHECK(book.Find(id)->fields[0].state == intake::PersonalField::State::kKept);
  CHECK(book.Find(id)->fields[1].state == intake::PersonalField::State::kTold);
  CHECK(Need(book.Erase(id, "")) == 1);
  CHECK(book.Find(id)->fields[0].state == intake::PersonalField::State::kErased);
  // With the last value the body's own name for the person goes.
  CHECK(book.Find("case-17") == nullptr);
  CHECK_THAT(book.Text(), !Contains(HexEncode("case-17")));
  CHECK_THAT(book.Text(), Contains(kNameHash));
  CHECK(intake::CommitmentOptions(*book.Find(id)).empty());
  CHECK(Need(PersonalBook::Parse(book.Text())).Text() == book.Text());
}

TEST_CASE("a store that says what cannot be is refused") {
  PersonalBook book;
  Need(book.Commit(Need(book.Add("case-17", Counting())), "name", "Li Si", Same()).status());
  const std::string text = book.Text();
  CHECK(PersonalBook::Parse("").ok());
  CHECK_FALSE(PersonalBook::Parse(text.substr(0, text.size() - 1)).ok());
  CHECK_FALSE(PersonalBook::Parse(text + text).ok());                       // the same person twice
  CHECK_FALSE(PersonalBook::Parse(text.substr(text.find('\n') + 1)).ok());  // a field of nobody
  CHECK_FALSE(PersonalBook::Parse("word\n").ok());
  std::string other = text;
  other.replace(other.find(HexEncode("Li Si")), 10, HexEncode("Li Er"));
  CHECK_FALSE(PersonalBook::Parse(other).ok());  // not the value of its hash
}

}  // namespace
}  // namespace fundtrail::testing
