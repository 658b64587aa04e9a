// See attest_items.h. One signed entry at a time, as register_import.cc does it.
#include "ledger/intake/attest_items.h"

#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/books/state.h"
#include "ledger/intake/group.h"
#include "ledger/model/bounds.h"
#include "ledger/model/entry.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {
namespace {

constexpr std::string_view kAttestDomain = "fundtrail attestations v1\n";

using Items = std::map<std::string, Bytes>;

class Attester {
 public:
  Attester(Target* target, const Items& items, const AttestOptions& options)
      : target_(*target), items_(items), options_(options), of_(*options.of), at_(items.begin()) {}

  StatusOr<AttestSummary> Run() {
    while (at_ != items_.end()) FT_RETURN_IF_ERROR(SayGroup());
    return std::move(summary_);
  }

 private:
  // What one entry comes to. It is counted once it is appended.
  struct Group {
    v1::Entry entry;
    AttestSummary counted;
    Items::const_iterator next;
  };

  // Items from `at_` on, as many as fit into one entry; appended.
  Status SayGroup() {
    for (int tries = 1;; ++tries) {
      FT_ASSIGN_OR_RETURN(Group group, Gather());
      if (!group.entry.actions().empty()) {
        const auto repeated = AppendGroup(&target_, kAttestDomain, *options_.key, &group.entry);
        // Others wrote meanwhile: it is made again, on what is there now.
        if (model::RefusalOf(repeated.status()).has_value() && tries < kMaxTries) continue;
        FT_RETURN_IF_ERROR(repeated.status());
        if (*repeated && tries < kMaxTries) continue;
        ++summary_.entries;
      }
      Count(group.counted);
      at_ = group.next;
      return absl::OkStatus();
    }
  }

  StatusOr<Group> Gather() {
    Group group;
    const auto& signer = options_.key->public_key();
    const v1::Entry empty = EmptyEntry(target_, options_.by, options_.date, signer);
    group.entry = empty;
    store::Overlay trial(target_.rows());
    std::size_t bytes = 0;
    for (group.next = at_; group.next != items_.end(); ++group.next) {
      const std::string& id = group.next->first;
      FT_ASSIGN_OR_RETURN(auto action, ActionFor(id, group.next->second, trial, &group.counted));
      if (!action.has_value()) continue;
      const auto size = static_cast<std::size_t>(group.entry.actions_size());
      const std::size_t more = BytesInGroup(*action);
      if (size > 0 && (bytes + more > kMaxGroupBytes || size == model::kMaxActions)) break;
      const Status tried = TryAction(target_, empty, *action, options_.date, signer, &trial);
      if (!tried.ok()) {
        const auto refusal = model::RefusalOf(tried);
        if (!refusal.has_value()) return tried;  // the disk, not the item
        ++group.counted.refused;
        ++group.counted.refusals[model::WordOf(refusal->code())];
        if (group.counted.first_refusal.empty())
          group.counted.first_refusal = absl::StrCat(std::string(model::FindRegister(of_.about)->name), " ",
                                                     id, ": ", refusal->sentence());
        continue;
      }
      bytes += more;
      ++group.counted.said;
      *group.entry.add_actions() = *std::move(action);
    }
    return group;
  }

  // Nothing when there is nothing to say, which is counted: the item does not stand so, or somebody judged that version.
  StatusOr<std::optional<v1::Action>> ActionFor(const std::string& id, const Bytes& stands,
                                                const store::Reader& state, AttestSummary* counted) {
    FT_ASSIGN_OR_RETURN(const auto item, books::GetItem(state, of_.about, id));
    if (!item.has_value() || item->has_ended() || StandsAs(item->action()) != stands) {
      ++counted->other;
      return std::optional<v1::Action>();
    }
    const auto* version = model::VersionField(of_);
    FT_ASSIGN_OR_RETURN(const auto newest, books::NewestAttestation(state, of_.about, id, of_.action));
    if (newest.has_value()) {
      const auto& said = model::AttestationIn(newest->action());
      if (said.GetReflection()->GetUInt64(said, version) == item->record()) {
        ++counted->before;
        return std::optional<v1::Action>();
      }
    }
    v1::Action action;
    auto* said = model::MutableAttestationIn(of_, &action);
    said->GetReflection()->SetString(said, &model::AboutField(of_), id);
    said->GetReflection()->SetUInt64(said, version, item->record());
    FT_RETURN_IF_ERROR(model::FillUsual(said, {}, options_.by));
    return std::optional(std::move(action));
  }

  void Count(const AttestSummary& more) {
    summary_.said += more.said;
    summary_.before += more.before;
    summary_.other += more.other;
    summary_.refused += more.refused;
    for (const auto& [code, count] : more.refusals) summary_.refusals[code] += count;
    if (summary_.first_refusal.empty()) summary_.first_refusal = more.first_refusal;
  }

  Target& target_;
  const Items& items_;
  const AttestOptions& options_;
  const model::Attestation& of_;
  Items::const_iterator at_;
  AttestSummary summary_;
};

}  // namespace

Bytes StandsAs(const v1::Action& action) { return model::SerialiseDeterministic(model::ItemOf(action)); }

StatusOr<AttestSummary> AttestItems(Target* target, const std::map<std::string, Bytes>& items,
                                    const AttestOptions& options) {
  if (options.of == nullptr || model::VersionField(*options.of) == nullptr)
    return absl::InvalidArgumentError("what is said about many items names their versions");
  return Attester(target, items, options).Run();
}

}  // namespace fundtrail::intake
