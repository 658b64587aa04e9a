// See register_line.h.
#include "ledger/query/register_line.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kMaxAttestations = 100;
// A page is below 1 MiB with its last part (pages.h), of a record's 64 KiB and these.
constexpr std::size_t kMaxBytes = std::size_t{48} << 10;

// Those of the assets that the item's amounts count.
Status AddDecimals(const View& view, const model::Message& item, v1::RegisterLine* line) {
  std::set<std::string> said;
  return model::EachAmount(item, [&](const model::FieldDescriptor& field, const std::string& code) -> Status {
    const bool own = !model::FormOf(field).amount_in().empty();
    if (!own && !said.insert(code).second) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view, code));
    if (own) {
      line->set_decimals(asset.decimals());
      return absl::OkStatus();
    }
    v1::AssetDecimals* decimals = line->add_asset_decimals();
    decimals->set_asset(code);
    decimals->set_decimals(asset.decimals());
    return absl::OkStatus();
  });
}

}  // namespace

StatusOr<v1::RegisterLine> DescribeItem(const View& view, const v1::RegisterRow& row) {
  v1::RegisterLine line;
  *line.mutable_action() = row.action();
  line.set_record(row.record());
  line.set_opened(row.opened());
  if (row.has_ended()) *line.mutable_ended() = row.ended();
  FT_RETURN_IF_ERROR(AddDecimals(view, model::ItemOf(row.action()), &line));
  return line;
}

Status AddAttestations(const View& view, std::optional<std::uint64_t> as_of, v1::RegisterLine* line) {
  // By record, and of one record in the order of the rows.
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::pair<Bytes, Bytes>> newest;
  std::uint64_t count = 0;
  const Bytes all = keys::AttestationsAbout(line->action().action_case(), model::IdOf(line->action()));
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto said, keys::ReadAttestation(cursor->key()));
    if (as_of.has_value() && said.record.value() > *as_of) continue;
    const std::pair place(said.record.value(), count++);
    if (newest.size() == kMaxAttestations) {
      if (place < newest.begin()->first) continue;
      newest.erase(newest.begin());
    }
    newest.emplace(place, std::pair(Bytes(cursor->key()), Bytes(cursor->value())));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  std::size_t left = kMaxBytes;
  for (auto each = newest.rbegin(); each != newest.rend(); ++each) {
    FT_ASSIGN_OR_RETURN(auto row,
                        model::DecodeMessage<v1::AttestationRow>(each->second.first, each->second.second));
    v1::Attestation attestation;
    *attestation.mutable_action() = std::move(*row.mutable_action());
    attestation.set_record(row.record());
    attestation.set_author(row.author());
    const std::size_t bytes = attestation.ByteSizeLong();
    if (bytes > left) break;
    left -= bytes;
    *line->add_attestations() = std::move(attestation);
  }
  line->set_more_attestations(count - static_cast<std::uint64_t>(line->attestations_size()));
  return absl::OkStatus();
}

}  // namespace fundtrail::query
