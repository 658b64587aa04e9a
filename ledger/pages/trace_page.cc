// Where money went, and where it came from: of a party, of a payment, or of several payments at once.
#include <google/protobuf/arena.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/model/references.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/trace_asset.h"
#include "ledger/pages/trace_methods.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/pages/trace_receipts.h"
#include "ledger/pages/trace_tables.h"
#include "ledger/picture/card.h"
#include "ledger/query/trace.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kLadderDepth = 6, kPathsLookedAt = 500;

// What stands on a page is asked for, and in a file what it needs. In a folder all forms ask the same: one answer is for all of them.
void AddParts(const Asking& asking, v1::TraceRequest* request) {
  SetAsOf(asking, request);
  const bool page = asking.address.form == Form::kPage || asking.in_folder();
  if (page || asking.wants_svg()) request->set_hops(picture::kFlowHops);
  if (!page) return;
  request->set_tree(true);
  request->set_depth(kLadderDepth);
  request->set_paths(!asking.address.embed);
  request->set_path_budget(kPathsLookedAt);
}

StatusOr<v1::TraceRequest> TraceAsked(const Asking& asking, v1::Direction direction, const std::string& party,
                                      const std::string& ref) {
  v1::TraceRequest request;
  request.set_direction(direction);
  if (!ref.empty()) {
    FT_ASSIGN_OR_RETURN(const TransferRef read, model::ParseRef(ref));
    if (read.line == 0 || model::RefText(read) != ref || read.record.value() > asking.last_record())
      return absl::NotFoundError(absl::StrCat("this ledger has no payment ", ref));
    model::SetRef(read, request.mutable_ref());
  }
  request.set_party(party);
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_fund(asking.asked("fund"));
  request.set_since(asking.asked("since"));
  request.set_until(asking.asked("until"));
  AddParts(asking, &request);
  return request;
}

// The picture of the only asset. Nothing where there is no money.
Status AddPictureFile(const Asking& asking, const v1::TraceAnswer& answer, Content* content) {
  if (answer.assets_size() > 1) {
    for (const v1::AssetTrace& trace : answer.assets()) content->pictures.push_back(trace.asset());
    return absl::OkStatus();
  }
  for (const v1::AssetTrace& trace : answer.assets()) {
    FT_ASSIGN_OR_RETURN(const auto picture, PictureOfFlow(asking, answer, trace, content->title));
    content->has_svg = true;
    content->data = PictureText(picture.svg);
  }
  return absl::OkStatus();
}

struct AnswerInArena {
  std::unique_ptr<google::protobuf::Arena> arena = std::make_unique<google::protobuf::Arena>();
  v1::TraceAnswer* answer = google::protobuf::Arena::CreateMessage<v1::TraceAnswer>(arena.get());
};

StatusOr<AnswerInArena> TraceInArena(const Asking& asking, const v1::TraceRequest& request) {
  AnswerInArena in_arena;
  FT_RETURN_IF_ERROR(query::Trace(asking.view, request, in_arena.answer));
  return in_arena;
}

// Takes out what does not hold.
template <typename Each, typename Holds>
void KeepThose(Each* each, const Holds& holds) {
  each->erase(std::remove_if(each->begin(), each->end(), [&holds](const auto& one) { return !holds(one); }),
              each->end());
}

// Leaves the names of what the answer shows, in the order in which it shows them first, and of joined parties those under the parties
// that it shows.
void KeepNamesShown(v1::TraceAnswer* answer) {
  std::map<std::pair<std::string, std::string>, v1::ItemName> had;
  std::set<std::string> parties;
  for (const v1::ItemName& name : answer->names()) had.try_emplace({name.register_(), name.id()}, name);
  answer->clear_names();
  const auto keep = [&](const char* of, const std::string& id) {
    if (const auto name = had.extract({of, id}); !name.empty()) *answer->add_names() = name.mapped();
  };
  const auto keep_both = [&](const v1::Account& account) {
    parties.insert(account.party());
    keep("fund", account.fund());
    keep("project", account.project());
  };
  for (const v1::AssetTrace& trace : answer->assets()) {
    for (const v1::TraceEnd& end : trace.ends()) keep_both(end.account());
    for (const v1::TraceFlow& flow : trace.flows()) {
      keep_both(flow.from());
      keep_both(flow.to());
    }
    for (const v1::ProRataEnd& end : trace.pro_rata().ends()) keep_both(end.account());
  }
  for (const v1::TraceReceipt& receipt : answer->receipts())
    for (const v1::TraceEnd& end : receipt.ends()) keep_both(end.account());
  KeepThose(answer->mutable_joined(),
            [&parties](const v1::JoinedParty& one) { return parties.count(one.under()) > 0; });
}

// The same answer with what it says of one asset alone.
StatusOr<AnswerInArena> OfAsset(const Asking& asking, const v1::TraceAnswer& all, const std::string& asset) {
  FT_RETURN_IF_ERROR(query::FindAsset(query::Then(asking.view, asking.as_of()), asset).status());
  FT_RETURN_IF_ERROR(asking.view.Grow(all.ByteSizeLong()));
  AnswerInArena one;
  *one.answer = all;
  const auto of_it = [&asset](const auto& of) { return of.asset() == asset; };
  KeepThose(one.answer->mutable_assets(), of_it);
  KeepThose(one.answer->mutable_receipts(), of_it);
  KeepNamesShown(one.answer);
  return one;
}

// All of a page but its title and the ways that lead from it.
struct Traced {
  std::shared_ptr<const AnswerInArena> in_arena;
  bool both = false;      // by both methods
  bool too_many = false;  // of two methods, that are asked for, one is answered
  const v1::TraceAnswer& answer() const { return *in_arena->answer; }
};

StatusOr<Traced> Answered(const Asking& asking, v1::TraceRequest request) {
  Traced traced;
  FT_ASSIGN_OR_RETURN(traced.both, AsksBothMethods(asking));
  if (traced.both) {
    FT_ASSIGN_OR_RETURN(traced.too_many, TooManyForBoth(asking));
    traced.both = !traced.too_many;
  }
  FT_ASSIGN_OR_RETURN(const bool in_folder, FolderHasBoth(asking));
  const bool drawn = asking.wants_svg() || asking.wants_png();
  request.set_pro_rata((traced.both && !drawn) || in_folder);
  FT_ASSIGN_OR_RETURN(traced.in_arena, asking.Kept(request.SerializeAsString(),
                                                   [&] { return TraceInArena(asking, request); }));
  if (const std::string asset = asking.asked("asset"); !asset.empty()) {
    FT_ASSIGN_OR_RETURN(AnswerInArena one, OfAsset(asking, traced.answer(), asset));
    traced.in_arena = std::make_shared<const AnswerInArena>(std::move(one));
  }
  return traced;
}

// What is shown where the page is shared. Nothing where there are several assets, or no money.
Status AddCard(const Asking& asking, const v1::TraceAnswer& answer, Content* content) {
  if (answer.assets_size() != 1) return absl::OkStatus();
  const std::string from = absl::StrCat(asking.view.checkpoint.ledger(), " @", asking.last_record());
  FT_ASSIGN_OR_RETURN(const picture::Raster card,
                      picture::CardOfEnds(answer.assets(0), {content->title, content->shown_name}, from,
                                          PictureWords(asking)));
  content->has_png = true;
  content->data = card.Png();
  return absl::OkStatus();
}

// CSV, JSON, SVG and PNG; else nothing. The title stands in the picture.
Status AddFile(const Asking& asking, const Traced& traced, Content* content) {
  if (asking.wants_svg()) return AddPictureFile(asking, traced.answer(), content);
  if (asking.wants_png()) return AddCard(asking, traced.answer(), content);
  if (traced.too_many)
    return absl::FailedPreconditionError(
        "method: this ledger has too many payments for both methods in one file; ask without it, or the "
        "program");
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content->data, JsonText(asking, traced.answer()));
    return absl::OkStatus();
  }
  content->data = TableInFile(
      asking, traced.both ? MethodsFile(asking, traced.answer()) : TraceFile(asking, traced.answer()));
  return absl::OkStatus();
}

// The part that may stand in a frame.
StatusOr<Html> FigureOf(const Asking& asking, const Traced& traced, const std::string& title) {
  const v1::TraceAnswer& answer = traced.answer();
  Html figure;
  int number = 0;
  for (const v1::AssetTrace& trace : answer.assets()) {
    FT_ASSIGN_OR_RETURN(const Html shown, OneAsset(asking, answer, trace, title, number));
    figure += shown;
    if (traced.both) figure += BothMethods(asking, answer.direction(), trace, number);
    ++number;
  }
  if (answer.assets().empty()) figure = asking.Paragraph(Word::kNoMoney);
  return figure;
}

// The tables below it, and the way to the other method.
StatusOr<Html> TablesOf(const Asking& asking, const Traced& traced) {
  const v1::TraceAnswer& answer = traced.answer();
  Table ends = EndsTable(asking, answer.direction()), flows = FlowsTable(asking, asking.Words(Word::kFlows));
  for (const v1::AssetTrace& trace : answer.assets()) {
    AddEnds(asking, answer.direction(), trace, &ends);
    AddFlows(asking, trace, &flows);
  }
  FT_ASSIGN_OR_RETURN(const Html payments, PaymentsOnTheWay(asking, answer));
  Html shown = TableOnPage(asking, ends) + TableOnPage(asking, flows) + payments +
               asking.Paragraph(Word::kConvention, {asking.Link("glossary/", Word::kWhatItMeans)});
  if (traced.too_many) shown += TooManyShown(asking);
  if (!answer.assets().empty()) shown += MethodLink(asking, traced.both || traced.too_many);
  return shown;
}

}  // namespace

StatusOr<Content> TracePage(const Asking& asking, v1::Direction direction, const std::string& party,
                            const std::string& ref) {
  FT_ASSIGN_OR_RETURN(const v1::TraceRequest request, TraceAsked(asking, direction, party, ref));
  FT_ASSIGN_OR_RETURN(const Traced traced, Answered(asking, request));
  const bool from = direction == v1::DIRECTION_FROM;
  Content content;
  content.has_csv = content.has_json = true;
  content.method = traced.answer().method();
  if (party.empty()) {
    content.title = asking.Words(from ? Word::kPaymentWent : Word::kPaymentCame, {ref});
  } else {
    const query::View then = query::Then(asking.view, asking.as_of());
    FT_ASSIGN_OR_RETURN(const v1::RegisterParty shown, query::FindParty(then, party));
    content.title = asking.Words(from ? Word::kPartyWent : Word::kPartyCame, {shown.name()});
    content.shown_name = shown.name();
    content.indexed = shown.kind() != v1::RegisterParty::KIND_HOUSEHOLD && !request.joined();
  }
  if (asking.address.form != Form::kPage) {
    FT_RETURN_IF_ERROR(AddFile(asking, traced, &content));
    return content;
  }
  content.has_svg = content.has_png = traced.answer().assets_size() == 1;
  content.description = TraceInWords(asking, traced.answer());
  FT_ASSIGN_OR_RETURN(content.figure, FigureOf(asking, traced, content.title));
  const std::string own = party.empty() ? absl::StrCat("payment/", ref, "/") : PartyPath(party);
  Html ways = asking.Link(own, party.empty() ? Word::kThePayment : Word::kTheParty);
  if (const std::string back = own + (from ? "came/" : "went/"); asking.Has(asking.address.Front() + back))
    ways += Text(" · ") + asking.Link(back, from ? Word::kWhereCame : Word::kWhereWent);
  if (party.empty() && !asking.in_folder())
    ways +=
        Text(" · ") + asking.Link(absl::StrCat(from ? "went/" : "came/", "?refs=", ref), Word::kMoreAtOnce);
  Html joined, choice;
  if (!party.empty()) {
    FT_ASSIGN_OR_RETURN(joined, JoinedShown(asking, party, request.joined()));
    choice = ChoiceForm(asking, {{"fund", Word::kFund, "text"},
                                 {"asset", Word::kAsset, "text"},
                                 {"since", Word::kSince, "date"},
                                 {"until", Word::kUntil, "date"}});
  }
  FT_ASSIGN_OR_RETURN(const Html tables, TablesOf(asking, traced));
  content.body = Element("p", ways) + joined + choice + content.figure + tables;
  return content;
}

StatusOr<Content> ReceiptsPage(const Asking& asking, v1::Direction direction) {
  v1::TraceRequest request;
  request.set_direction(direction);
  FT_RETURN_IF_ERROR(AddReceiptsAsked(asking, &request));
  AddParts(asking, &request);
  const bool from = direction == v1::DIRECTION_FROM;
  const std::string other = absl::StrCat(from ? "came/" : "went/", asking.address.QueryWith({}));
  Content content;
  content.title = asking.Words(from ? Word::kDoorSeveral : Word::kSeveralCame);
  content.body = Element("p", asking.Link(other, from ? Word::kSeveralCame : Word::kDoorSeveral)) +
                 asking.Paragraph(Word::kReceiptsLead) + ReceiptsForm(asking);
  if (request.refs().empty()) {
    if (asking.address.form != Form::kPage)
      return absl::InvalidArgumentError("refs: name payments, as refs=7.1,9.1");
    return content;
  }
  FT_ASSIGN_OR_RETURN(const Traced traced, Answered(asking, request));
  content.has_csv = content.has_json = true;
  content.method = traced.answer().method();
  content.title = asking.CountedWords(from ? Word::kReceiptsWent : Word::kReceiptsCame,
                                      static_cast<std::uint64_t>(request.refs_size()));
  if (asking.address.form != Form::kPage) {
    FT_RETURN_IF_ERROR(AddFile(asking, traced, &content));
    return content;
  }
  content.has_svg = content.has_png = traced.answer().assets_size() == 1;
  FT_ASSIGN_OR_RETURN(content.figure, FigureOf(asking, traced, content.title));
  FT_ASSIGN_OR_RETURN(const Html tables, TablesOf(asking, traced));
  content.body += content.figure + EachReceipt(asking, traced.answer()) + tables;
  return content;
}

}  // namespace fundtrail::pages
