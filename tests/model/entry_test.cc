// Reading signed bytes from outside: exactly one reading, or a refusal.
#include "ledger/model/entry.h"

#include <google/protobuf/stubs/logging.h>

#include <catch2/catch.hpp>
#include <functional>
#include <random>
#include <set>

#include "tests/support/encodings.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

v1::Entry Small() { return Entry("root", 1, {Pay("donor", "county", 5)}); }

std::string Decoded(const Bytes& bytes) { return Verdict(model::DecodeSignedEntry(bytes).status()); }
std::string Decoded(const v1::SignedEntry& signed_entry) {
  return Decoded(model::SerialiseDeterministic(signed_entry));
}
// Signs these bytes as they are, whatever they mean.
std::string DecodedEntryBytes(const Bytes& entry) { return Decoded(SignBytes(entry, {1})); }

// Field number 50, a varint of 1: no message of this version has it.
const Bytes kUnknown("\x90\x03\x01", 3);

TEST_CASE("what was signed is read: the exact bytes, the entry, and who signed") {
  const Bytes bytes = SignedBytes(Small(), {3, 1});
  const auto decoded = Need(model::DecodeSignedEntry(bytes));
  CHECK(decoded.signed_bytes == bytes);
  CHECK(decoded.signed_entry.entry() == model::SerialiseDeterministic(SignedBy(Small(), {3, 1})));
  CHECK(decoded.entry.actions(0).transfer().amount() == 5);
  CHECK(decoded.signers == std::vector<crypto::PublicKey>{Key(3).public_key(), Key(1).public_key()});
}

TEST_CASE("the signature is over the domain and the entry's bytes, and over nothing less") {
  const Bytes entry = model::SerialiseDeterministic(SignedBy(Small(), {1}));
  const auto signed_over = [&](const Bytes& message) {
    v1::SignedEntry signed_entry;
    signed_entry.set_entry(entry);
    signed_entry.add_signatures(std::string(Key(1).Sign(message).view()));
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
  const Bytes good = model::SerialiseDeterministic(SignedBy(Small(), {1}));
  CHECK(DecodedEntryBytes(good) == "OK");
  CHECK(DecodedEntryBytes(good + kUnknown) == "MALFORMED at entry");
}

TEST_CASE("an unknown field is found in each message that an entry can have in it") {
  using google::protobuf::Message;
  std::size_t found = 0;
  // `at` is a message in `entry`; `seen` has the kinds on the way to it.
  const std::function<void(v1::Entry*, Message*, std::set<const google::protobuf::Descriptor*>)> visit =
      [&](v1::Entry* entry, Message* at, std::set<const google::protobuf::Descriptor*> seen) {
        const auto* reflection = at->GetReflection();
        INFO(at->GetDescriptor()->full_name());
        CHECK(!model::HasUnknownFields(*entry));
        reflection->MutableUnknownFields(at)->AddVarint(50, 1);
        CHECK(model::HasUnknownFields(*entry));
        reflection->MutableUnknownFields(at)->Clear();
        ++found;
        if (!seen.insert(at->GetDescriptor()).second) return;
        for (int i = 0; i < at->GetDescriptor()->field_count(); ++i) {
          const auto* field = at->GetDescriptor()->field(i);
          if (field->message_type() == nullptr) continue;
          Message* const inside = field->is_repeated() ? reflection->AddMessage(at, field)
                                                       : reflection->MutableMessage(at, field);
          visit(entry, inside, seen);
          reflection->ClearField(at, field);
        }
      };
  v1::Entry entry;
  visit(&entry, &entry, {});
  CHECK(found > 50);
}

TEST_CASE("one entry, one encoding: every other way to write any part of a signed entry is refused") {
  const google::protobuf::LogSilencer silence;
  std::size_t taken = 0, refused = 0;
  for (const Encoding& encoding : Encodings()) {
    if (encoding.code.empty()) continue;  // about the record around it: audit/
    INFO(encoding.name);
    const std::string verdict = Decoded(encoding.signed_entry);
    CHECK(verdict.substr(0, verdict.find(' ')) == (encoding.taken ? "OK" : encoding.code));
    ++(encoding.taken ? taken : refused);
  }
  CHECK(taken == 3 + WholeEntries().size());
  CHECK(refused > 900);
}

TEST_CASE("what is not an entry's one encoding is told apart from what has an unknown field") {
  const Bytes entry = model::SerialiseDeterministic(SignedBy(Small(), {1}));
  const auto sentence = [](const Bytes& bytes) {
    return std::string(model::ParseEntry(bytes).status().message());
  };
  CHECK(model::ParseEntry(entry).ok());
  CHECK(sentence(entry + kUnknown) == "entry: the entry has a field that this version does not know");
  CHECK(sentence(Bytes("\x12\x01x", 3) + entry) ==
        "entry: the entry is not written in its one encoding: fields in ascending order, each once, defaults "
        "left "
        "out, numbers as short as they can be (docs/formats.md)");
}

// What an entry's encoding rests on: a field of such a kind needs a decision on what its one encoding is, here and in
// docs/formats.md.
TEST_CASE("no message that is signed or recorded has a field of a kind whose encoding is not settled") {
  using google::protobuf::FieldDescriptor;
  std::set<const google::protobuf::Descriptor*> seen;
  const std::function<void(const google::protobuf::Descriptor*)> visit = [&](const auto* message) {
    if (!seen.insert(message).second) return;
    CHECK(message->extension_range_count() == 0);
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      INFO(field->full_name());
      CHECK(field->file()->syntax() == google::protobuf::FileDescriptor::SYNTAX_PROTO3);
      CHECK_FALSE(field->is_map());
      CHECK_FALSE(field->has_optional_keyword());  // a default that is there would be another encoding
      static const std::set<FieldDescriptor::Type> kSettled = {
          FieldDescriptor::TYPE_STRING, FieldDescriptor::TYPE_BYTES, FieldDescriptor::TYPE_MESSAGE,
          FieldDescriptor::TYPE_ENUM,   FieldDescriptor::TYPE_BOOL,  FieldDescriptor::TYPE_UINT32,
          FieldDescriptor::TYPE_UINT64, FieldDescriptor::TYPE_INT64};
      CHECK(kSettled.count(field->type()) == 1);  // no floating point: it has a zero below zero
      if (field->message_type() != nullptr) visit(field->message_type());
    }
  };
  visit(v1::Record::descriptor());
  visit(v1::Entry::descriptor());
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
  CHECK(spoiled([](S* s) { s->mutable_signatures(1)->at(5) ^= 1; }) == "SIGNATURE_INVALID at signatures[1]");
  CHECK(spoiled([](S* s) { s->mutable_signatures(0)->pop_back(); }) == "SIGNATURE_INVALID at signatures[0]");
  CHECK(spoiled([](S* s) { *s->mutable_signatures(1) = s->signatures(0); }) ==
        "SIGNATURE_INVALID at signatures[1]");
}

TEST_CASE("an entry names its signers: none is added, taken away or put in another's place on its way") {
  const auto passed_on = [](const auto& change) {
    auto signed_entry = Sign(Small(), {1, 2});
    change(&signed_entry);
    return Decoded(signed_entry);
  };
  const auto by = [](const v1::SignedEntry& entry, int key) {
    return std::string(Key(key).Sign(Bytes(model::kEntryDomain) + entry.entry()).view());
  };
  using S = v1::SignedEntry;
  CHECK(passed_on([&](S* s) { s->add_signatures(by(*s, 3)); }) == "SIGNATURE_INVALID at signatures");
  CHECK(passed_on([&](S* s) { s->mutable_signatures()->RemoveLast(); }) == "SIGNATURE_INVALID at signatures");
  CHECK(passed_on([&](S* s) { s->mutable_signatures(1)->clear(); }) == "SIGNATURE_INVALID at signatures[1]");
  CHECK(passed_on([&](S* s) { s->set_signatures(1, by(*s, 3)); }) == "SIGNATURE_INVALID at signatures[1]");
  CHECK(passed_on([&](S* s) { s->mutable_signatures()->SwapElements(0, 1); }) ==
        "SIGNATURE_INVALID at signatures[0]");
  // Another list of signers is another entry, which those who are named did not sign.
  CHECK(passed_on([&](S* s) {
          v1::Entry entry = SignedBy(Small(), {1, 2, 3});
          s->set_entry(model::SerialiseDeterministic(entry));
          s->add_signatures(by(*s, 3));
        }) == "SIGNATURE_INVALID at signatures[0]");
  CHECK(passed_on([&](S* s) {
          s->set_entry(model::SerialiseDeterministic(SignedBy(Small(), {1})));
          s->mutable_signatures()->RemoveLast();
        }) == "SIGNATURE_INVALID at signatures[0]");
}

TEST_CASE("an entry goes from hand to hand: each who is named signs in their place, in any order") {
  v1::Entry entry = SignedBy(Small(), {1, 2, 3});
  auto signed_entry = Need(model::SignEntry(entry, Key(2)));
  CHECK(Decoded(signed_entry) == "SIGNATURE_INVALID at signatures[0]");
  const auto so_far = [&] {
    return Need(model::DecodeUnfinishedEntry(model::SerialiseDeterministic(signed_entry))).signers;
  };
  CHECK(so_far() == std::vector<crypto::PublicKey>{Key(2).public_key()});
  CHECK(model::AddSignature(&signed_entry, Key(4)).code() == absl::StatusCode::kInvalidArgument);
  CHECK(model::AddSignature(&signed_entry, Key(2)).code() == absl::StatusCode::kAlreadyExists);
  Need(model::AddSignature(&signed_entry, Key(3)));
  CHECK(so_far().size() == 2);
  CHECK(Decoded(signed_entry) == "SIGNATURE_INVALID at signatures[0]");
  Need(model::AddSignature(&signed_entry, Key(1)));
  CHECK(signed_entry.SerializeAsString() == Sign(Small(), {1, 2, 3}).SerializeAsString());
  CHECK(Decoded(signed_entry) == "OK");
  signed_entry.mutable_signatures(1)->at(7) ^= 1;
  CHECK(Verdict(model::DecodeUnfinishedEntry(model::SerialiseDeterministic(signed_entry)).status()) ==
        "SIGNATURE_INVALID at signatures[1]");
}

TEST_CASE("thirty-two sign an entry, and no more") {
  v1::Entry entry = Small();
  for (int key = 1; key <= 32; ++key) entry.add_signers(PublicKey(key));
  auto signed_entry = Need(model::SignEntry(entry, Key(1)));
  for (int key = 2; key <= 32; ++key) Need(model::AddSignature(&signed_entry, Key(key)));
  CHECK(Decoded(signed_entry) == "OK");
  entry.add_signers(PublicKey(33));
  CHECK(Verdict(model::SignEntry(entry, Key(1)).status()) == "FIELD_INVALID at signers");
  entry.clear_signers();
  CHECK(DecodedEntryBytes(model::SerialiseDeterministic(entry)) == "FIELD_INVALID at signers");
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
  const Status status =
      model::Refuse(v1::REFUSAL_CODE_EARMARK_SHORT, "actions[3].transfer.draws", "too little");
  CHECK(status.message() == "actions[3].transfer.draws: too little");
  const auto refusal = model::RefusalOf(Annotate(status, "line 7"));
  REQUIRE(refusal.has_value());
  CHECK(refusal->code() == v1::REFUSAL_CODE_EARMARK_SHORT);
  CHECK(refusal->field() == "actions[3].transfer.draws");
  CHECK(refusal->sentence() == "too little");
  CHECK(model::Refuse(v1::REFUSAL_CODE_MALFORMED, "", "no entry").message() == "no entry");
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
