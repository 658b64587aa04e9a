// The registers: one table. A row says which action opens an item, who may, and what may become of it. The form of the
// fields stands in entry.proto. What one register alone demands has its rule in books/register_rules.cc.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/message.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// Whose permission opening, amending and ending an item takes.
enum class Whose {
  kRoot,    // the root party's
  kParent,  // that of the party in the field `parent`; of the root party, its own
  kParents,  // those of the parents of both parties in the fields `party` and `under`; of the root party, its own
  kOwner,     // that of the party in the field `owner`
  kDeclarer,  // DECLARE or ADMINISTER of the party in the field `owner`
  // Of a tree: ADMINISTER of the root party, or DECLARE of the party in the field `keeper` of the nearest item above that
  // has one.
  kKeeper,
  // ADMINISTER of the party that the group is: in the field `group`, or of a group itself its id. Of a group that judges,
  // ADMINISTER of the root party.
  kGroup,
  kPayer,    // PAY of the party in the field `owner`
  kJudges,   // the quorum of the group in the field `group`, with EVALUATE: books/groups.h
  kAssigns,  // the same with APPROVE
};

struct Register {
  v1::Action::ActionCase action;
  std::string_view name;     // in the command line, questions and refusals: "party"
  std::string_view plural;   // "parties"
  std::string_view what;     // for the help of the command line
  std::string_view example;  // what follows `NAME add` there
  // What people say for `add` and for `end` there: both words are taken. Empty where they say nothing else.
  std::string_view add_too;
  std::string_view end_too;
  Whose whose;
  bool ends;      // whether EndItem takes its items
  bool by_place;  // whether there is a row for each place that an item names: rows `v`
  // The registers whose items find those of this one that name them, by rows `f`.
  std::array<v1::Action::ActionCase, 6> found_by = {};
};

// All of them, in the order of their actions' numbers.
std::span<const Register> Registers();
// Null when there is none.
const Register* FindRegister(v1::Action::ActionCase action);
const Register* FindRegisterNumbered(std::uint32_t number);  // by the action's number, which may be any
const Register* FindRegister(std::string_view name);
// "party, asset, fund", for a message.
std::string RegisterNames();

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The message of that register inside an action that has it, and its field in Action. Of another action an assert fails.
const Message& ItemOf(const v1::Action& action);
Message* MutableItemOf(const Register& of, v1::Action* action);
const FieldDescriptor& ActionField(const Register& of);
const Descriptor& ItemDescriptor(const Register& of);

// The item's id.
const FieldDescriptor& IdField(const Register& of);
std::string IdOf(const v1::Action& action);
// The field `parent` of a tree; null when the register is none.
const FieldDescriptor* ParentField(const Register& of);
// The text in the field of this name; empty when the message has no such field.
std::string TextIn(const Message& item, std::string_view field);

}  // namespace fundtrail::model
