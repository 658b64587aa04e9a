// Attestations: what somebody says about an item of a register. One table: a row says which action it is, what it is about,
// and whose permission it takes. The form of the fields stands in entry.proto. What one attestation alone demands has its
// rule in books/attestation_rules.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/message.h"

namespace fundtrail::model {

struct Attestation {
  v1::Action::ActionCase action;
  v1::Action::ActionCase about;  // the action of the register whose items it is about
  std::string_view verb;         // in the command line, after the register's name: "approve"
  std::string_view what;         // for the help of the command line
  std::string_view example;      // what follows the verb there
  v1::Permission permission;     // what the party in the field `by` must have given; DECLARE: or ADMINISTER
};

// All of them, in the order of their actions' numbers.
std::span<const Attestation> Attestations();
// Null when there is none.
const Attestation* FindAttestation(v1::Action::ActionCase action);
const Attestation* FindAttestationNumbered(std::uint32_t number);  // by the action's number, which may be any

// The message of that attestation inside an action that has it, and its field in Action. Of another action an assert fails.
const google::protobuf::Message& AttestationIn(const v1::Action& action);
google::protobuf::Message* MutableAttestationIn(const Attestation& of, v1::Action* action);
const google::protobuf::FieldDescriptor& ActionField(const Attestation& of);

// The field that names the item, and the one that names its version: null when it names none.
const google::protobuf::FieldDescriptor& AboutField(const Attestation& of);
const google::protobuf::FieldDescriptor* VersionField(const Attestation& of);
// The item's id.
std::string AboutOf(const v1::Action& action);

}  // namespace fundtrail::model
