// See attestations.h.
#include "ledger/books/attestations.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/books/attestation_rules.h"
#include "ledger/books/evaluations.h"
#include "ledger/books/groups.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

namespace {

// Whose permission it takes: that of the party that says it, or the quorum where it is a group.
Status RequireSayer(store::Overlay* state, const Moment& moment, const v1::Action& action,
                    const v1::RegisterRow& item, const std::string& by, std::uint32_t place,
                    Authority* authority, const std::string& field) {
  const v1::Permission permission = model::FindAttestation(action.action_case())->permission;
  if (permission == v1::PERMISSION_DECLARE)
    return authority->RequireEither(by, v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER, field + ".by");
  FT_ASSIGN_OR_RETURN(const bool group, IsGroup(*state, by));
  if (group) return RequireGroupSays(state, moment, action, item, place, authority, field);
  return authority->Require(by, permission, field + ".by");
}

}  // namespace

Status ApplyAttestation(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                        const v1::Action& action, Authority* authority, const std::string& at,
                        std::uint32_t place) {
  const model::Attestation& of = *model::FindAttestation(action.action_case());
  const model::Register& about = *model::FindRegister(of.about);
  const google::protobuf::Message& said = model::AttestationIn(action);
  const std::string field = absl::StrCat(at, ".", model::ActionField(of).name());
  const std::string id = model::AboutOf(action);

  FT_RETURN_IF_ERROR(CheckReferences(*state, &authority->items(), said, nullptr, field));
  const std::string by = model::TextIn(said, "by");
  FT_ASSIGN_OR_RETURN(const auto item,
                      FindItem(*state, about, id, absl::StrCat(field, ".", model::AboutField(of).name())));
  FT_RETURN_IF_ERROR(RequireSayer(state, moment, action, item, by, place, authority, field));
  if (const auto* version = model::VersionField(of)) {
    const std::uint64_t named = said.GetReflection()->GetUInt64(said, version);
    if (named != item.record()) {
      return RefuseItem(
          v1::REFUSAL_CODE_AMEND_STALE, about, id, absl::StrCat(field, ".", version->name()),
          absl::StrCat("the present version of ", std::string(about.name), " ", id, " is that of record ",
                       item.record(), ", and not of ", named, ": look at it first"),
          item.record());
    }
  }
  FT_RETURN_IF_ERROR(
      CheckAttestationRule(action, item, moment.recorded, &authority->ancestors(), *state, field));
  if (action.has_decide_appeal())
    FT_RETURN_IF_ERROR(
        ApplyDecision(state, moment, action.decide_appeal(), item.action().evaluate(), authority, field));

  v1::AttestationRow row;
  *row.mutable_action() = action;
  row.set_record(moment.record.value());
  row.set_author(entry.author());
  PutMessage(state, keys::Attestation(of.about, id, of.action, moment.record, place), row);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
