// One table of encodings: entries, signed entries and records as they are written, and every other way to write them. The
// ledger's own code, examples/python/verify.py and tests/go run over it, so that no two readers part over a record.
//
// The bad ones are made from the messages' descriptors, so a message or field that is added is in the table by itself.
// AllFields() says whether the good ones show it.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/bytes.h"
#include "tests/support/entries.h"
#include "tests/support/items.h"

namespace fundtrail::testing {

struct Encoding {
  std::string name;
  bool taken = false;
  Bytes record;                    // the only leaf of its log
  Bytes signed_entry;              // in that record; empty where the case is about what is around it
  std::string code = "MALFORMED";  // why the signed entry is not taken
};

namespace wire {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

inline Bytes Varint(std::uint64_t value) {
  Bytes bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}
// The same number in one byte more.
inline Bytes Longer(Bytes varint) {
  varint.back() = static_cast<char>(varint.back() | 0x80);
  return varint + Bytes(1, '\0');
}
inline std::uint64_t Take(ByteView* bytes) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes->at(0));
    bytes->remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}
inline Bytes Delimited(const Bytes& content) { return Varint(content.size()) + content; }

// One field as it is written. `raw` stands for all of it where a test writes it by hand.
struct Field {
  const FieldDescriptor* of = nullptr;
  Bytes content;              // of a number its varint, else what stands behind the length
  std::vector<Field> inside;  // of a message, in place of `content`
  Bytes raw;

  int wire_type() const {
    using Type = FieldDescriptor::CppType;
    const bool number = of->cpp_type() != Type::CPPTYPE_STRING && of->cpp_type() != Type::CPPTYPE_MESSAGE;
    return number && !of->is_packed() ? 0 : 2;
  }
  bool is_message() const { return of->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }
  Bytes Tag(int type) const { return Varint(static_cast<std::uint64_t>(of->number()) << 3 | type); }
  Bytes Tag() const { return Tag(wire_type()); }
};
using Fields = std::vector<Field>;

inline Bytes Write(const Fields& fields);
inline Bytes Content(const Field& field) { return field.is_message() ? Write(field.inside) : field.content; }
inline Bytes Write(const Fields& fields) {
  Bytes bytes;
  for (const Field& field : fields) {
    if (!field.raw.empty()) {
      bytes += field.raw;
    } else {
      bytes += field.Tag() + (field.wire_type() == 0 ? field.content : Delimited(Content(field)));
    }
  }
  return bytes;
}

// Of bytes that are written well. Adds each field to `seen`.
inline Fields Read(ByteView bytes, const Descriptor& message, std::set<const FieldDescriptor*>* seen) {
  Fields fields;
  while (!bytes.empty()) {
    Field field;
    field.of = message.FindFieldByNumber(static_cast<int>(Take(&bytes) >> 3));
    seen->insert(field.of);
    if (field.wire_type() == 0) {
      field.content = Varint(Take(&bytes));
    } else {
      const std::size_t size = Take(&bytes);
      field.content = Bytes(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
    if (field.is_message()) field.inside = Read(field.content, *field.of->message_type(), seen);
    fields.push_back(std::move(field));
  }
  return fields;
}

inline Field Raw(const Bytes& bytes) {
  Field field;
  field.raw = bytes;
  return field;
}

// Each other way to write one field, as the raw bytes that stand for it.
inline std::vector<std::pair<std::string, Bytes>> OtherWays(const Field& field) {
  using Type = FieldDescriptor::CppType;
  std::vector<std::pair<std::string, Bytes>> ways;
  const Bytes content = Content(field), tag = field.Tag();
  const Bytes rest = field.wire_type() == 0 ? content : Delimited(content);
  ways.emplace_back("its key in a byte more", Longer(tag) + rest);
  if (!field.of->is_repeated()) ways.emplace_back("twice", tag + rest + tag + rest);
  if (field.wire_type() == 0) {
    ByteView digits = content;
    const std::uint64_t value = Take(&digits);
    ways.emplace_back("its number in a byte more", tag + Longer(content));
    ways.emplace_back("its number in 65 bits", tag + Bytes(9, '\xff') + Bytes(1, '\x02'));
    ways.emplace_back("its number in 11 bytes", tag + Bytes(10, '\x80') + Bytes(1, '\x01'));
    ways.emplace_back("as eight bytes", field.Tag(1) + Bytes("\1\0\0\0\0\0\0\0", 8));
    ways.emplace_back("as four bytes", field.Tag(5) + Bytes("\1\0\0\0", 4));
    ways.emplace_back("as bytes", field.Tag(2) + Delimited(content));
    if (field.of->cpp_type() == Type::CPPTYPE_UINT32 || field.of->cpp_type() == Type::CPPTYPE_ENUM)
      ways.emplace_back("its number above 32 bits", tag + Varint(value + (std::uint64_t{1} << 32)));
    if (field.of->cpp_type() == Type::CPPTYPE_BOOL) ways.emplace_back("a truth of two", tag + Varint(2));
  } else {
    ways.emplace_back("its length in a byte more", tag + Longer(Varint(content.size())) + content);
    ways.emplace_back("its length too large", tag + Varint(content.size() + 1'000'000) + content);
    ways.emplace_back("as a number", field.Tag(0) + Bytes(1, '\1'));
    ways.emplace_back("as a group", field.Tag(3) + field.Tag(4));
  }
  if (field.of->type() == FieldDescriptor::TYPE_STRING)
    ways.emplace_back("not UTF-8", tag + Delimited(content + "\xff"));
  if (!field.of->is_repeated() && !field.of->has_presence())
    ways.emplace_back("its default written out", tag + Bytes(1, '\0'));
  if (field.of->is_packed()) {
    Bytes each, split;
    for (ByteView rest_of = content; !rest_of.empty();) {
      const Bytes one = Varint(Take(&rest_of));
      each += field.Tag(0) + one;
      split += tag + Delimited(one);
    }
    ways.emplace_back("not packed", each);
    ways.emplace_back("packed in several parts", split);
    ways.emplace_back("packed and empty", tag + Bytes(1, '\0'));
    ways.emplace_back("a packed number in a byte more", tag + Delimited(Longer(content)));
  }
  if (field.is_message() && field.inside.size() > 1) {
    const Bytes first = Write({field.inside.front()}), more = content.substr(first.size());
    if (!field.of->is_repeated())
      ways.emplace_back("in two parts that readers merge", tag + Delimited(first) + tag + Delimited(more));
  }
  return ways;
}

// Calls `emit` with each other way to write the message of which `here` is a part, and what it is.
inline void OtherWays(Fields* here, const Descriptor& message, const std::string& at,
                      const std::function<void(const std::string&)>& emit) {
  const Fields kept = *here;
  const auto with = [&](std::size_t place, std::size_t instead_of, const Bytes& raw,
                        const std::string& what) {
    const auto begin = here->begin() + static_cast<std::ptrdiff_t>(place);
    here->insert(here->erase(begin, begin + static_cast<std::ptrdiff_t>(instead_of)), Raw(raw));
    emit(absl::StrCat(at, ": ", what));
    *here = kept;
  };
  const Bytes unknown = Varint(1000 << 3) + Bytes(1, '\1');
  with(kept.size(), 0, unknown, "an unknown number behind");
  with(0, 0, unknown, "an unknown number before");
  with(kept.size(), 0, Varint(1000 << 3 | 2) + Bytes("\2hi"), "unknown bytes");
  with(kept.size(), 0, Varint(1000 << 3 | 3) + Varint(1000 << 3 | 4), "an unknown group");
  with(kept.size(), 0, Bytes("\0\0", 2), "field 0");
  with(kept.size(), 0, Bytes("\x80"), "cut off");
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::string& name = kept[i].of->name();
    for (const auto& [what, raw] : OtherWays(kept[i])) with(i, 1, raw, absl::StrCat(name, " ", what));
    if (i + 1 < kept.size() && kept[i + 1].of != kept[i].of) {
      std::swap((*here)[i], (*here)[i + 1]);
      emit(absl::StrCat(at, ": ", name, " behind ", kept[i + 1].of->name()));
      *here = kept;
    }
    const auto* one_of = kept[i].of->containing_oneof();
    for (int other = 0; one_of != nullptr && other < one_of->field_count(); ++other) {
      Field beside;
      beside.of = one_of->field(other);
      if (beside.of == kept[i].of) continue;
      with(beside.of->number() < kept[i].of->number() ? i : i + 1, 0, beside.Tag() + Bytes(1, '\0'),
           absl::StrCat(name, " and ", beside.of->name()));
    }
    if (!kept[i].is_message()) continue;
    OtherWays(&(*here)[i].inside, *kept[i].of->message_type(), absl::StrCat(at, ".", name), emit);
  }
  for (int f = 0; f < message.field_count(); ++f) {
    Field absent;
    absent.of = message.field(f);
    std::size_t place = 0;
    bool there = absent.of->is_repeated() || absent.of->has_presence();
    for (const Field& field : kept) {
      there |= field.of == absent.of;
      place += field.of->number() < absent.of->number();
    }
    if (!there)
      with(place, 0, absent.Tag() + Bytes(1, '\0'),
           absent.of->name() + " is left out, and its default written");
  }
}

}  // namespace wire

// The record of this signed entry, as the first of a log and with some outcome.
inline Bytes RecordAround(const Bytes& signed_entry) {
  v1::Record record;
  record.set_recorded_micros(1'772'359'200'000'000);
  record.set_previous(Bytes(32, '\0'));
  record.mutable_signed_entry();
  auto* transfer = record.mutable_outcome()->add_transfers();
  transfer->set_to_position(7);
  for (const std::int64_t from : {0, 300}) {
    transfer->add_pieces()->set_from(from);
    transfer->mutable_pieces()->rbegin()->set_length(12);
  }
  // The signed entry goes in as it is written, whatever it would be parsed to.
  std::set<const wire::FieldDescriptor*> seen;
  auto fields = wire::Read(model::SerialiseDeterministic(record), *v1::Record::descriptor(), &seen);
  for (wire::Field& field : fields) {
    if (field.of->number() == v1::Record::kSignedEntryFieldNumber)
      field.raw = field.Tag() + wire::Delimited(signed_entry);
  }
  return wire::Write(fields);
}

// Entries that between them show every field there is.
inline std::vector<v1::Entry> WholeEntries() {
  auto pay = Drawing(Returning(Exchange("county", "village", 12'345, "USD", 1'700), Ref(300, 2)),
                     {Ref(2, 70'000), ThisEntry(1)});
  auto* transfer = pay.mutable_transfer();
  transfer->set_project("dyke");
  transfer->set_project_words("the dyke at Wuhan");
  transfer->set_to_project("tents");
  transfer->set_to_general(true);
  transfer->set_need("coats");
  transfer->set_pledge("coats-pledge");
  transfer->set_assignment("coats-to-gz");
  transfer->set_commitment("coats-kept");
  transfer->set_value_date("2026-02-28");
  transfer->set_purpose("tents");
  transfer->set_to_fund("school");
  transfer->set_reference("2026/77");
  transfer->set_stage(v1::STAGE_COMMITTED);
  transfer->set_place("gbt2260:420100");
  v1::Entry whole = Entry(
      "root", 1,
      {Genesis({1, 2}, 2), Authorise(3, "county", {v1::PERMISSION_PAY, v1::PERMISSION_ADMINISTER}, true),
       Revoke(4, "county"), ChangeRoot(1, {5}, {2}), pay});
  whole.set_memo("héllo");
  auto* document = whole.add_documents();
  document->set_sha256(Bytes(32, 'd'));
  document->set_title("Decree");
  auto* source = whole.mutable_source();
  source->set_sha256(Bytes(32, 's'));
  source->set_name("rows.csv");
  source->set_first_row(2);
  source->set_last_row(std::uint64_t{1} << 63);
  std::vector<v1::Action> items;
  for (const model::Register& of : model::Registers())
    items.push_back(Amending(EveryField(of, "county"), 300, "héllo"));
  for (const model::Attestation& of : model::Attestations()) items.push_back(WholeAttestation(of));
  items.push_back(End("party", "county", 300, "merged"));
  items.push_back(Rotate(7, 8));
  v1::Action acknowledge;
  auto* said = acknowledge.mutable_acknowledge();
  *said->mutable_transfer() = Ref(300, 2);
  said->set_by("village");
  said->set_result(v1::Acknowledge::RESULT_PARTLY);
  said->set_amount(70'000);
  said->set_channel(v1::Acknowledge::CHANNEL_SAMPLE);
  said->set_sample("winter-check");
  said->set_date("2026-02-28");
  said->set_note("two sacks were missing");
  items.push_back(acknowledge);
  std::vector<v1::Entry> entries{whole, Entry("root", 2, {AdoptRules(2)})};
  // A few in each: every other way to write a part of an entry is one more entry, with all the rest of it.
  constexpr std::size_t kEach = 5;
  for (std::size_t at = 0; at < items.size(); at += kEach) {
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(kEach, items.size() - at));
    entries.push_back(Entry("root", 3 + at, std::vector<v1::Action>(begin, end)));
  }
  return entries;
}

inline std::vector<Encoding> Encodings() {
  std::vector<Encoding> table;
  std::set<const wire::FieldDescriptor*> seen;
  const auto add_signed = [&](const std::string& name, bool taken, const Bytes& signed_entry,
                              const std::string& code = "MALFORMED") {
    table.push_back({name, taken, RecordAround(signed_entry), signed_entry, code});
  };
  const auto add = [&](const std::string& name, bool taken, const Bytes& entry,
                       const std::string& code = "MALFORMED") {
    add_signed(name, taken, model::SerialiseDeterministic(SignBytes(entry, {1})), code);
  };
  const auto add_entry = [&](const std::string& name, bool taken, const v1::Entry& entry,
                             const std::string& code = "MALFORMED") {
    add(name, taken, model::SerialiseDeterministic(SignedBy(entry, {1})), code);
  };

  // What is taken: fields set and left out, lists in any order, the largest numbers.
  const v1::Entry small = Entry("root", 1, {Pay("donor", "county", 5)});
  add_entry("a small entry", true, small);
  v1::Entry largest = Entry("root", 1, {Pay("donor", "county", INT64_MAX)});
  *largest.add_actions() =
      Authorise(3, "county", {v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER, v1::PERMISSION_PAY});
  add_entry("large numbers, and a list that is not sorted", true, largest);
  for (const v1::Entry& whole : WholeEntries()) {
    add_entry(absl::StrCat("an entry with all that there is, ", whole.actions_size()), true, whole);
    wire::Fields fields =
        wire::Read(model::SerialiseDeterministic(SignedBy(whole, {1})), *v1::Entry::descriptor(), &seen);
    wire::OtherWays(&fields, *v1::Entry::descriptor(), absl::StrCat("entry ", whole.actions_size()),
                    [&](const std::string& name) { add(name, false, wire::Write(fields)); });
  }

  // Values of an enum that this version does not know are written well, and have no meaning.
  const auto with = [&](v1::Action action, const std::function<void(v1::Action*)>& change) {
    change(&action);
    return Entry("root", 1, {action});
  };
  for (const int value : {-1, 7, 9, 1'000, INT32_MAX, INT32_MIN}) {
    const std::string number = absl::StrCat(" ", value);
    const auto each_enum = [&](const v1::Action& whole, const wire::FieldDescriptor& of) {
      for (int i = 0; i < of.message_type()->field_count(); ++i) {
        const auto* field = of.message_type()->field(i);
        if (field->enum_type() == nullptr || field->enum_type()->FindValueByNumber(value) != nullptr)
          continue;
        add_entry(absl::StrCat(field->full_name(), number), false,
                  with(whole,
                       [&](v1::Action* it) {
                         auto* item = it->GetReflection()->MutableMessage(it, &of);
                         item->GetReflection()->ClearField(item, field);
                         field->is_repeated() ? item->GetReflection()->AddEnumValue(item, field, value)
                                              : item->GetReflection()->SetEnumValue(item, field, value);
                       }),
                  "FIELD_INVALID");
      }
    };
    for (const model::Register& of : model::Registers())
      each_enum(EveryField(of, "a"), model::ActionField(of));
    for (const model::Attestation& of : model::Attestations())
      each_enum(WholeAttestation(of), model::ActionField(of));
    add_entry("permission" + number, false,
              with(Authorise(3, "a", {v1::PERMISSION_PAY}),
                   [&](v1::Action* it) {
                     it->mutable_authorise_key()->add_permissions(static_cast<v1::Permission>(value));
                   }),
              "FIELD_INVALID");
    add_entry("stage" + number, false,
              with(Pay("a", "b", 1),
                   [&](v1::Action* it) { it->mutable_transfer()->set_stage(static_cast<v1::Stage>(value)); }),
              "FIELD_INVALID");
    if (value != 7) {
      add_entry("kind of transfer" + number, false,
                with(Pay("a", "b", 1),
                     [&](v1::Action* it) {
                       it->mutable_transfer()->set_kind(static_cast<v1::TransferKind>(value));
                     }),
                "FIELD_INVALID");
    }
  }

  // An action does one thing, and what it amends is none.
  v1::Action amends;
  amends.mutable_amends()->set_record(1);
  for (const auto& [name, action] : {std::pair("an action that does nothing", v1::Action()),
                                     std::pair("an action that amends, and does nothing", amends)})
    add_entry(name, false, Entry("root", 1, {action}), "FIELD_INVALID");

  // Around the entry: the signed entry, and who signs it.
  const Bytes two = SignedBytes(small, {2, 1});
  add_signed("two signers", true, two);
  wire::Fields fields = wire::Read(two, *v1::SignedEntry::descriptor(), &seen);
  wire::OtherWays(&fields, *v1::SignedEntry::descriptor(), "signed entry",
                  [&](const std::string& name) { add_signed(name, false, wire::Write(fields)); });
  const auto signatures = [&](const std::string& name, const std::function<void(v1::SignedEntry*)>& change) {
    v1::SignedEntry changed = Sign(small, {2, 1});
    change(&changed);
    add_signed(name, false, model::SerialiseDeterministic(changed), "SIGNATURE_INVALID");
  };
  using S = v1::SignedEntry;
  signatures("no signature", [](S* it) { it->clear_signatures(); });
  signatures("a signature taken away", [](S* it) { it->mutable_signatures()->RemoveLast(); });
  signatures("a signature that is missing", [](S* it) { it->mutable_signatures(0)->clear(); });
  signatures("a stranger's signature added", [](S* it) {
    it->add_signatures(std::string(Key(9).Sign(Bytes(model::kEntryDomain) + it->entry()).view()));
  });
  signatures("a signer's signature twice", [](S* it) { it->add_signatures(it->signatures(0)); });
  signatures("the signatures in another order", [](S* it) { it->mutable_signatures()->SwapElements(0, 1); });
  signatures("a stranger's signature in place of another", [](S* it) {
    it->set_signatures(1, std::string(Key(9).Sign(Bytes(model::kEntryDomain) + it->entry()).view()));
  });
  signatures("a signature cut short", [](S* it) { it->mutable_signatures(1)->pop_back(); });
  signatures("a signature with a byte more", [](S* it) { it->mutable_signatures(1)->push_back('\0'); });
  const auto signers = [&](const std::string& name, const std::vector<Bytes>& keys) {
    v1::Entry named = small;
    for (const Bytes& key : keys) named.add_signers(key);
    const auto signed_entry = SignBytes(model::SerialiseDeterministic(named), {1, 2});
    add_signed(name, false, model::SerialiseDeterministic(signed_entry), "FIELD_INVALID");
  };
  signers("nobody is named as signer", {});
  signers("a signer is named twice", {PublicKey(1), PublicKey(1)});
  signers("a signer without a key", {PublicKey(1), ""});
  signers("a signer whose key is too long", {PublicKey(1), PublicKey(2) + "x"});

  // Around the signed entry: the record and its outcome.
  const Bytes around = RecordAround(SignedBytes(small, {1}));
  fields = wire::Read(around, *v1::Record::descriptor(), &seen);
  wire::OtherWays(&fields, *v1::Record::descriptor(), "record", [&](const std::string& name) {
    table.push_back({name, false, wire::Write(fields), "", ""});
  });
  const auto record = [&](const std::string& name, bool taken,
                          const std::function<void(v1::Record*)>& change) {
    v1::Record changed;
    Need(changed.ParseFromString(around) ? absl::OkStatus() : absl::InternalError("no record"));
    change(&changed);
    table.push_back({name, taken, model::SerialiseDeterministic(changed), "", ""});
  };
  using R = v1::Record;
  record("an outcome of nothing", true, [](R* it) { it->mutable_outcome()->clear_transfers(); });
  record("transfers and pieces that are empty messages", true, [](R* it) {
    it->mutable_outcome()->mutable_transfers(0)->clear_to_position();
    it->mutable_outcome()->mutable_transfers(0)->add_pieces();
    it->mutable_outcome()->add_transfers();
  });
  record("numbers below zero", true, [](R* it) {
    it->set_recorded_micros(-1);
    it->mutable_outcome()->mutable_transfers(0)->set_to_position(INT64_MIN);
  });
  record("no outcome", false, [](R* it) { it->clear_outcome(); });
  record("no signed entry", false, [](R* it) { it->clear_signed_entry(); });
  record("a hash of 31 bytes", false, [](R* it) { it->mutable_previous()->pop_back(); });

  // The index of a record in a log of its own is 0, and left out: the one field that none of the above writes.
  seen.insert(v1::Record::descriptor()->FindFieldByNumber(v1::Record::kIndexFieldNumber));
  for (const auto* message : {v1::Record::descriptor(), v1::Entry::descriptor()}) {
    std::set<const wire::Descriptor*> done;
    const std::function<void(const wire::Descriptor*)> visit = [&](const wire::Descriptor* one) {
      if (!done.insert(one).second) return;
      for (int i = 0; i < one->field_count(); ++i) {
        const auto* field = one->field(i);
        if (seen.count(field) == 0)
          throw std::runtime_error("no encoding in the table shows " + field->full_name());
        if (field->message_type() != nullptr) visit(field->message_type());
      }
    };
    visit(message);
  }
  return table;
}

}  // namespace fundtrail::testing
