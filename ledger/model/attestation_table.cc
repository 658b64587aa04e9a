// See attestation_table.h.
#include "ledger/model/attestation_table.h"

#include <array>
#include <cassert>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"

namespace fundtrail::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array kAttestations{
    Attestation{.action = v1::Action::kAcceptSeat,
                .about = v1::Action::kGiveSeat,
                .verb = "accept",
                .what = "Accepts or declines the present version of the seat",
                .example = "coop-women --reply accepted",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kForgetPersonal,
                .about = v1::Action::kRegisterParty,
                .verb = "forget",
                .what = "Says that values behind the party's commitments are erased",
                .example = "hh-4k2m --hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kAcceptDuty,
                .about = v1::Action::kAssignDuty,
                .verb = "accept",
                .what = "Accepts or declines the present version of the duty",
                .example = "lead-edu --reply accepted",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kApproveProject,
                .about = v1::Action::kProposeProject,
                .verb = "approve",
                .what = "Approves or rejects the present version of the project",
                .example = "warm-lunches --decision approved",
                .permission = v1::PERMISSION_APPROVE},
    Attestation{.action = v1::Action::kVerifyNeed,
                .about = v1::Action::kDeclareNeed,
                .verb = "verify",
                .what = "Confirms, corrects or refuses the present version of the need",
                .example = "coats-2026 --result confirmed",
                .permission = v1::PERMISSION_EVALUATE},
    Attestation{.action = v1::Action::kReportProgress,
                .about = v1::Action::kProposeProject,
                .verb = "report",
                .what = "Says what the project has reached",
                .example = "warm-lunches --indicator \"pupils with a warm lunch\" --actual 120",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kRespondConcern,
                .about = v1::Action::kRaiseConcern,
                .verb = "respond",
                .what = "Answers the concern",
                .example = "coats-missing --kind answer --words \"They come on Monday\"",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kCloseConcern,
                .about = v1::Action::kRaiseConcern,
                .verb = "close",
                .what = "Closes the concern: only the party that raised it may",
                .example = "coats-missing --satisfied yes",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kAppeal,
                .about = v1::Action::kEvaluate,
                .verb = "appeal",
                .what = "Asks for another judgement of the evaluation",
                .example = "dafang-q4 --grounds \"The sample was of one village\"",
                .permission = v1::PERMISSION_DECLARE},
    Attestation{.action = v1::Action::kDecideAppeal,
                .about = v1::Action::kEvaluate,
                .verb = "decide",
                .what = "Decides the appeals against the evaluation",
                .example = "dafang-q4 --decision upheld",
                .permission = v1::PERMISSION_EVALUATE},
};

}  // namespace

std::span<const Attestation> Attestations() { return kAttestations; }

const Attestation* FindAttestation(v1::Action::ActionCase action) {
  for (const Attestation& each : kAttestations)
    if (each.action == action) return &each;
  return nullptr;
}

const Attestation* FindAttestationNumbered(std::uint32_t number) {
  for (const Attestation& each : kAttestations)
    if (static_cast<std::uint32_t>(each.action) == number) return &each;
  return nullptr;
}

const FieldDescriptor& ActionField(const Attestation& of) {
  return *v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(of.action));
}

const Message& AttestationIn(const v1::Action& action) {
  const Attestation* of = FindAttestation(action.action_case());
  assert(of != nullptr);
  return action.GetReflection()->GetMessage(action, &ActionField(*of));
}

Message* MutableAttestationIn(const Attestation& of, v1::Action* action) {
  return action->GetReflection()->MutableMessage(action, &ActionField(of));
}

const FieldDescriptor& AboutField(const Attestation& of) {
  const auto& message = *ActionField(of).message_type();
  for (int i = 0; i < message.field_count(); ++i)
    if (FormOf(*message.field(i)).about()) return *message.field(i);
  assert(false);
  return *message.field(0);
}

const FieldDescriptor* VersionField(const Attestation& of) {
  const auto& message = *ActionField(of).message_type();
  for (int i = 0; i < message.field_count(); ++i)
    if (FormOf(*message.field(i)).version()) return message.field(i);
  return nullptr;
}

std::string AboutOf(const v1::Action& action) {
  const Message& said = AttestationIn(action);
  return said.GetReflection()->GetString(said, &AboutField(*FindAttestation(action.action_case())));
}

}  // namespace fundtrail::model
