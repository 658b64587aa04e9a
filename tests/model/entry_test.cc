// Reading signed bytes from outside: exactly one reading, or a refusal.
#include "ledger/model/entry.h"

#include <google/protobuf/stubs/logging.h>

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

v1::Entry Small() { return Entry("root", 1, {Pay("donor", "county", 5)}); }

std::string Decoded(const Bytes& bytes) { return Verdict(model::DecodeSignedEntry(bytes).status()); }
std::string Decoded(const v1::SignedEntry& signed_entry) {
  return Decoded(model::SerialiseDeterministic(signed_entry));
}
// Signs these bytes as they are, whatever they mean.
std::string DecodedEntryBytes(const Bytes& entry) {
  v1::SignedEntry signed_entry;
  signed_entry.set_entry(entry);
  Need(model::AddSignature(&signed_entry, Key(1)));
  return Decoded(signed_entry);
}

// Field number 50, a varint of 1: no message of this version has it.
const Bytes kUnknown("\x90\x03\x01", 3);

TEST_CASE("what was signed is read: the exact bytes, the entry, and who signed") {
  const Bytes bytes = SignedBytes(Small(), {3, 1});
  const auto decoded = Need(model::DecodeSignedEntry(bytes));
  CHECK(decoded.signed_bytes == bytes);
  CHECK(decoded.signed_entry.entry() == model::SerialiseDeterministic(Small()));
  CHECK(decoded.entry.actions(0).transfer().amount() == 5);
  CHECK(decoded.signers == std::vector<crypto::PublicKey>{Key(3).public_key(), Key(1).public_key()});
}

TEST_CASE("the signature is over the domain and the entry's bytes, and over nothing less") {
  const Bytes entry = model::SerialiseDeterministic(Small());
  const auto signed_over = [&](const Bytes& message) {
    v1::SignedEntry signed_entry;
    signed_entry.set_entry(entry);
    auto* signature = signed_entry.add_signatures();
    signature->set_public_key(PublicKey(1));
    signature->set_signature(Bytes(Key(1).Sign(message).view()));
    return Decoded(signed_entry);
  };
  CHECK(signed_over("fundtrail entry v1\n" + entry) == "OK");
  CHECK(signed_over(entry) == "SIGNATURE_INVALID at signatures[0]");
  CHECK(signed_over("fundtrail entry v2\n" + entry) == "SIGNATURE_INVALID at signatures[0]");
}

TEST_CASE("a field that this version does not know is refused, wherever it stands") {
  CHECK(Decoded(SignedBytes(Small(), {1}) + kUnknown) == "MALFORMED at ");
  const auto with_unknown = [](google::protobuf::Message* message) {
    message->GetReflection()->MutableUnknownFields(message)->AddVarint(50, 1);
  };
  auto in_signature = Sign(Small(), {1});
  with_unknown(in_signature.mutable_signatures(0));
  CHECK(Decoded(in_signature) == "MALFORMED at ");

  v1::Entry entry = Small();
  with_unknown(&entry);
  CHECK(Decoded(SignedBytes(entry, {1})) == "MALFORMED at entry");
  entry = Small();
  with_unknown(entry.mutable_actions(0));
  CHECK(Decoded(SignedBytes(entry, {1})) == "MALFORMED at entry");
  entry = Small();
  with_unknown(entry.mutable_actions(0)->mutable_transfer());
  CHECK(Decoded(SignedBytes(entry, {1})) == "MALFORMED at entry");
  entry = Small();
  with_unknown(entry.mutable_actions(0)->mutable_transfer()->add_draws());
  CHECK(Decoded(SignedBytes(entry, {1})) == "MALFORMED at entry");
  CHECK(DecodedEntryBytes(model::SerialiseDeterministic(Small()) + kUnknown) == "MALFORMED at entry");
}

TEST_CASE("one signed entry has one spelling") {
  const Bytes good = SignedBytes(Small(), {1});
  const Bytes entry = model::SerialiseDeterministic(Small());
  REQUIRE(Decoded(good) == "OK");
  REQUIRE(entry.size() < 128);  // so that its length is one byte
  const std::size_t signatures = 2 + entry.size();
  CHECK(Decoded(good + Bytes(1, '\0')) == "MALFORMED at ");
  CHECK(Decoded(good.substr(0, good.size() - 1)) == "MALFORMED at ");
  CHECK(Decoded(good.substr(signatures) + good.substr(0, signatures)) ==
        "MALFORMED at ");                                                   // fields out of order
  CHECK(Decoded(good.substr(0, signatures) + good) == "MALFORMED at ");     // a field twice
  const Bytes padded = {good[0], static_cast<char>(good[1] | 0x80), '\0'};  // a length in two bytes
  CHECK(Decoded(padded + good.substr(2)) == "MALFORMED at ");
  CHECK(Decoded("") == "FIELD_INVALID at ledger");  // no bytes are an empty message
}

TEST_CASE("an entry's bytes are kept as they were signed, though this program would write them otherwise") {
  // The author twice: the last one counts in every protobuf reader, and the signature is over these bytes.
  const Bytes twice = Bytes("\x12\x01x", 3) + model::SerialiseDeterministic(Small());
  v1::SignedEntry signed_entry;
  signed_entry.set_entry(twice);
  Need(model::AddSignature(&signed_entry, Key(1)));
  const auto decoded = Need(model::DecodeSignedEntry(model::SerialiseDeterministic(signed_entry)));
  CHECK(decoded.signed_entry.entry() == twice);
  CHECK(decoded.entry.author() == "root");
}

TEST_CASE("bytes that are no entry are refused") {
  const google::protobuf::LogSilencer silence;
  CHECK(DecodedEntryBytes("\xff\xff\xff") == "MALFORMED at entry");
  v1::Entry entry = Small();
  Bytes bytes = model::SerialiseDeterministic(entry);
  const std::size_t at = bytes.find("county");
  bytes[at] = '\xff';  // a text that is not UTF-8
  CHECK(DecodedEntryBytes(bytes) == "MALFORMED at entry");
  CHECK(DecodedEntryBytes("") == "FIELD_INVALID at ledger");
  entry.set_author("two words");
  CHECK(Decoded(SignedBytes(entry, {1})) == "FIELD_INVALID at author");
}

TEST_CASE("every signature must be good, and each key sign once") {
  const auto spoiled = [](const auto& spoil) {
    auto signed_entry = Sign(Small(), {1, 2});
    spoil(&signed_entry);
    return Decoded(signed_entry);
  };
  using S = v1::SignedEntry;
  CHECK(spoiled([](S*) {}) == "OK");
  CHECK(spoiled([](S* s) { s->clear_signatures(); }) == "SIGNATURE_INVALID at signatures");
  CHECK(spoiled([](S* s) { s->mutable_signatures(1)->mutable_signature()->at(5) ^= 1; }) ==
        "SIGNATURE_INVALID at signatures[1]");
  CHECK(spoiled([](S* s) { s->mutable_signatures(0)->set_public_key(PublicKey(3)); }) ==
        "SIGNATURE_INVALID at signatures[0]");
  CHECK(spoiled([](S* s) { s->mutable_signatures(0)->mutable_signature()->pop_back(); }) ==
        "SIGNATURE_INVALID at signatures[0]");
  CHECK(spoiled([](S* s) { s->mutable_signatures(1)->mutable_public_key()->push_back('x'); }) ==
        "SIGNATURE_INVALID at signatures[1]");
  CHECK(spoiled([](S* s) { *s->mutable_signatures(1) = s->signatures(0); }) ==
        "SIGNATURE_INVALID at signatures[1]");
}

TEST_CASE("thirty-two signatures are taken, and no more") {
  auto signed_entry = Sign(Small(), {});
  for (int key = 1; key <= 32; ++key) Need(model::AddSignature(&signed_entry, Key(key)));
  CHECK(Decoded(signed_entry) == "OK");
  Need(model::AddSignature(&signed_entry, Key(33)));
  CHECK(Decoded(signed_entry) == "FIELD_INVALID at signatures");
}

TEST_CASE("what is larger than a record is refused unread") {
  CHECK(Decoded(Bytes(65'535, '\xff')) == "RECORD_TOO_LARGE at ");
  CHECK(Decoded(Bytes(65'534, '\xff')) == "MALFORMED at ");
}

TEST_CASE("any bit that is turned makes a refusal, never a crash or another entry") {
  const google::protobuf::LogSilencer silence;  // it says on stderr what is not UTF-8
  const Bytes good = SignedBytes(Small(), {1});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    INFO("bit " << bit);
    REQUIRE(Decoded(bad) != "OK");
  }
}

TEST_CASE("signing looks at the form first, and a key signs an entry once") {
  v1::Entry bad = Small();
  bad.set_author("two words");
  CHECK(Verdict(model::SignEntry(bad, Key(1)).status()) == "FIELD_INVALID at author");
  auto signed_entry = Need(model::SignEntry(Small(), Key(1)));
  CHECK(model::AddSignature(&signed_entry, Key(1)).code() == absl::StatusCode::kAlreadyExists);
  CHECK(Decoded(signed_entry) == "OK");
}

TEST_CASE("a refusal carries its code and field through a Status, and other errors are none") {
  const Status status = model::Refuse(v1::EARMARK_SHORT, "actions[3].transfer.draws", "too little");
  CHECK(status.message() == "actions[3].transfer.draws: too little");
  const auto refusal = model::RefusalOf(Annotate(status, "line 7"));
  REQUIRE(refusal.has_value());
  CHECK(refusal->code() == v1::EARMARK_SHORT);
  CHECK(refusal->field() == "actions[3].transfer.draws");
  CHECK(refusal->sentence() == "too little");
  CHECK(model::Refuse(v1::MALFORMED, "", "no entry").message() == "no entry");
  CHECK_FALSE(model::RefusalOf(absl::OkStatus()).has_value());
  CHECK_FALSE(model::RefusalOf(absl::UnavailableError("the disk")).has_value());
}

TEST_CASE("no refusal is taken for success, or for a fault of the machine") {
  const auto* codes = v1::RefusalCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    const auto code = model::StatusCodeOf(static_cast<v1::RefusalCode>(codes->value(i)->number()));
    INFO(codes->value(i)->name());
    CHECK(code != absl::StatusCode::kOk);
    CHECK(code != absl::StatusCode::kUnavailable);
    CHECK(code != absl::StatusCode::kDataLoss);
    CHECK(code != absl::StatusCode::kInternal);
  }
}

}  // namespace
}  // namespace fundtrail::testing
