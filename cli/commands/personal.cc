// personal: what a body keeps of natural persons beside the ledger, to show, prove and erase it
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "cli/render/table.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sealed_file.h"
#include "ledger/folder/folder_paths.h"
#include "ledger/intake/personal_store.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxPersonalProofBytes = 4096;
constexpr std::size_t kMaxValuesBytes = std::size_t{1} << 20;
constexpr int kMaxHashes = 64;  // that one ForgetPersonal may have

using State = intake::PersonalField::State;

struct StoreOptions {
  std::string file, passphrase_file;
};

void AddStore(CLI::App* command, StoreOptions* options) {
  command->add_option("--store", options->file, "The file that keeps values of persons")
      ->envname("FUNDTRAIL_PERSONAL")
      ->required();
  command
      ->add_option("--store-passphrase-file", options->passphrase_file,
                   "A file whose first line is the passphrase of the store")
      ->required();
}

// A ledger's folder is copied, archived and cloned, and what is in it goes along.
Status CheckOutsideOfLedgers(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(fs::absolute(file, error), error);
  if (error) return absl::InvalidArgumentError(fmt::format("cannot find the folder of {}", Escaped(file)));
  for (fs::path at = whole.parent_path();; at = at.parent_path()) {
    const std::string dir = at.string();
    const bool ledger = fs::exists(folder::VkeyPath(dir), error) && fs::exists(folder::StorePath(dir), error);
    const bool archive = fs::exists(at / "checkpoint", error) && fs::exists(at / "tile", error);
    if (ledger || archive) {
      return absl::InvalidArgumentError(
          fmt::format("{} would lie in {}, the folder of {}, which others copy: choose another place",
                      Escaped(file), Escaped(dir), ledger ? "a ledger" : "an archive"));
    }
    if (at == at.parent_path()) return absl::OkStatus();
  }
}

// The store, open: nobody else changes it meanwhile.
struct Kept {
  std::unique_ptr<crypto::SealedFile> file;
  intake::PersonalBook book;

  Status Write() { return file->Write(book.Text()); }
};

StatusOr<Kept> OpenStore(const StoreOptions& options) {
  FT_RETURN_IF_ERROR(CheckOutsideOfLedgers(options.file));
  FT_ASSIGN_OR_RETURN(const auto passphrase, ReadPassphrase(options.passphrase_file));
  Kept kept;
  FT_ASSIGN_OR_RETURN(
      kept.file, crypto::SealedFile::Open(options.file, passphrase.value_or(""), crypto::SystemRandom()));
  auto book = intake::PersonalBook::Parse(kept.file->content());
  if (!book.ok()) return Annotate(book.status(), options.file);
  kept.book = *std::move(book);
  return kept;
}

StatusOr<const intake::Person*> NeedPerson(const intake::PersonalBook& book, const std::string& id) {
  const intake::Person* person = book.Find(id);
  if (person != nullptr) return person;
  return absl::NotFoundError(fmt::format("the store has no person {}", Escaped(id)));
}

// The party as the ledger has it: all its versions, and what was said about it.
struct Known {
  std::vector<v1::RegisterLine> versions;          // oldest first; none when there is no such party
  std::map<std::string, std::uint64_t> forgotten;  // hash, and the record that says so

  std::vector<std::uint64_t> RecordsWith(const std::string& field, const std::string& hash) const {
    std::vector<std::uint64_t> records;
    for (const auto& version : versions)
      for (const auto& each : version.action().register_party().commitments())
        if (each.hash() == hash && (field.empty() || each.field() == field))
          records.push_back(version.record());
    return records;
  }
};

StatusOr<Known> AskParty(const Context& context, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  Known known;
  v1::RegistersRequest request;
  request.set_register_("party");
  request.add_ids(id);
  const auto now = WholeRegisters(connection.get(), request, kMaxShort);
  if (absl::IsNotFound(now.status())) return known;
  FT_RETURN_IF_ERROR(now.status());
  FT_RETURN_IF_ERROR(CheckAnswer(*now, request));
  for (const auto& line : now->lines()) {
    for (const auto& said : line.attestations()) {
      if (said.action().forget_personal().party() != id) continue;
      for (const std::string& hash : said.action().forget_personal().hashes())
        known.forgotten.emplace(hash, said.record());
    }
  }
  request.set_versions(true);
  FT_ASSIGN_OR_RETURN(const auto all, WholeRegisters(connection.get(), request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(all, request));
  for (const auto& line : all.lines()) {
    if (line.action().register_party().id() != id)
      return absl::InternalError("the server answered with another party than the one that was asked for");
    known.versions.push_back(line);
  }
  return known;
}

StatusOr<Exit> New(const Context& context, const StoreOptions& options, const std::string& ref) {
  FT_ASSIGN_OR_RETURN(auto kept, OpenStore(options));
  FT_ASSIGN_OR_RETURN(const std::string id, kept.book.Add(ref, crypto::SystemRandom()));
  FT_RETURN_IF_ERROR(kept.Write());
  PrintData(context.json ? nlohmann::json{{"id", id}}.dump(context.json_indent()) + "\n" : id + "\n");
  return Exit::kYes;
}

StatusOr<Exit> Commit(const Context& context, const StoreOptions& options, const std::string& id,
                      std::vector<std::string> values, const std::string& values_file) {
  if (!values_file.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(values_file, kMaxValuesBytes));
    for (std::string line : std::vector<std::string>(absl::StrSplit(text, '\n', absl::SkipEmpty()))) {
      if (line.back() == '\r') line.pop_back();
      if (!line.empty()) values.push_back(std::move(line));
    }
  }
  if (values.empty())
    return absl::InvalidArgumentError(
        "what is to be kept? Give FIELD=VALUE, or --values FILE with such lines");
  FT_ASSIGN_OR_RETURN(auto kept, OpenStore(options));
  for (const std::string& each : values) {
    const std::size_t at = each.find('=');
    // What stands there may be the value itself, which no message repeats.
    if (at == std::string::npos)
      return absl::InvalidArgumentError("a value has its field before it: FIELD=VALUE, as phone=...");
    FT_RETURN_IF_ERROR(
        kept.book.Commit(id, each.substr(0, at), each.substr(at + 1), crypto::SystemRandom()).status());
  }
  FT_RETURN_IF_ERROR(kept.Write());
  FT_ASSIGN_OR_RETURN(const auto* person, NeedPerson(kept.book, id));
  const auto said = intake::CommitmentOptions(*person);
  if (!context.json) {
    PrintData(absl::StrJoin(said, " ") + "\n");
    return Exit::kYes;
  }
  nlohmann::json json = {{"id", person->id}, {"commitments", nlohmann::json::array()}};
  for (const std::string& option : said) {
    const std::string text = option.substr(option.find(' ') + 1);
    const std::size_t at = text.rfind('=');
    json["commitments"].push_back({{"field", text.substr(0, at)}, {"hash", text.substr(at + 1)}});
  }
  PrintData(json.dump(context.json_indent()) + "\n");
  return Exit::kYes;
}

const char* WordOf(State state) {
  switch (state) {
    case State::kKept:
      return "kept";
    case State::kErased:
      return "erased, the ledger does not say so yet";
    case State::kTold:
      return "erased";
  }
  return "?";
}

nlohmann::json JsonOf(const intake::Person& person) {
  nlohmann::json json = {{"id", person.id}, {"ref", person.ref}, {"fields", nlohmann::json::array()}};
  for (const auto& field : person.fields) {
    nlohmann::json one = {{"field", field.field},
                          {"hash", field.hash},
                          {"kept", field.state == State::kKept},
                          {"told", field.state == State::kTold}};
    if (field.state == State::kKept) one["value"] = field.value;
    json["fields"].push_back(std::move(one));
  }
  return json;
}

StatusOr<Exit> Show(const Context& context, const StoreOptions& options, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const auto kept, OpenStore(options));
  std::vector<const intake::Person*> persons;
  if (id.empty()) {
    for (const auto& person : kept.book.persons()) persons.push_back(&person);
  } else {
    FT_ASSIGN_OR_RETURN(const auto* person, NeedPerson(kept.book, id));
    persons.push_back(person);
  }
  if (context.json) {
    nlohmann::json json = {{"persons", nlohmann::json::array()}};
    for (const auto* person : persons) json["persons"].push_back(JsonOf(*person));
    PrintData(json.dump(context.json_indent()) + "\n");
    return Exit::kYes;
  }
  render::Table table(
      {{"person", false, true}, {"own name"}, {"field"}, {"value"}, {"state"}, {"commitment", false, true}});
  for (const auto* person : persons) {
    if (person->fields.empty()) table.Add({person->id, person->ref, "", "", "", ""});
    for (const auto& field : person->fields)
      table.Add({person->id, person->ref, field.field, field.value, WordOf(field.state), field.hash});
  }
  Print(context, table.empty() ? render::Shown("None.\n") : table.Text(context.style()));
  return Exit::kYes;
}

StatusOr<Exit> Prove(const Context& context, const StoreOptions& options, const std::string& id,
                     const std::string& field, const std::string& out) {
  FT_ASSIGN_OR_RETURN(const auto kept, OpenStore(options));
  FT_ASSIGN_OR_RETURN(const auto proof, kept.book.Prove(id, field));
  std::error_code error;
  if (std::filesystem::exists(out, error))
    return absl::InvalidArgumentError(fmt::format("{} is there already: choose another name", Escaped(out)));
  FT_RETURN_IF_ERROR(WriteFileAtomically(out, intake::ProofText(proof), 0600));
  if (context.json) {
    const nlohmann::json json = {{"party", proof.party}, {"field", proof.field}, {"file", out}};
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    Print(context,
          render::Say("{} holds one value and its salt: whoever has the file can check it, and knows it.\n",
                      out));
  }
  return Exit::kYes;
}

StatusOr<Exit> Check(const Context& context, const std::string& file) {
  FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kMaxPersonalProofBytes));
  const auto read = intake::ParseProof(text);
  if (!read.ok()) return Annotate(read.status(), file);
  const intake::PersonalProof& proof = *read;
  const std::string hash = intake::HashOf(proof);
  FT_ASSIGN_OR_RETURN(const Known known, AskParty(context, proof.party));
  const auto records = known.RecordsWith(proof.field, hash);
  const bool now =
      !known.versions.empty() && !records.empty() && records.back() == known.versions.back().record();
  const auto forgotten = known.forgotten.find(hash);
  if (context.json) {
    nlohmann::json json = {{"party", proof.party}, {"field", proof.field},       {"value", proof.value},
                           {"hash", hash},         {"holds", !records.empty()},  {"in_present_version", now},
                           {"records", records},   {"erased_by_record", nullptr}};
    if (forgotten != known.forgotten.end()) json["erased_by_record"] = forgotten->second;
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return records.empty() ? Exit::kNo : Exit::kYes;
  }
  if (records.empty()) {
    Print(context, render::Say("It does not hold: no version of {} binds this value of {}.\n", proof.party,
                               proof.field));
    return Exit::kNo;
  }
  Print(context,
        render::Say("It holds: {} of {} is \"{}\", bound by record {}{}.\n", proof.field, proof.party,
                    proof.value, records.front(), now ? "" : " and not by the present version"));
  if (forgotten != known.forgotten.end())
    Print(context, render::Say("Record {} says that it was erased where it was kept.\n", forgotten->second));
  return Exit::kYes;
}

// The hashes of what was erased and that the ledger binds, and does not say of that it is erased.
std::vector<std::string> ToTell(const intake::Person& person, const Known& known) {
  std::vector<std::string> hashes;
  std::set<std::string> seen;
  for (const auto& field : person.fields) {
    if (field.state != State::kErased || known.forgotten.count(field.hash) > 0) continue;
    if (known.RecordsWith(field.field, field.hash).empty() || !seen.insert(field.hash).second) continue;
    hashes.push_back(field.hash);
  }
  return hashes;
}

StatusOr<Exit> TellLedger(const Context& context, const Signing& signing, const intake::Person& person) {
  FT_ASSIGN_OR_RETURN(const Known known, AskParty(context, person.id));
  const auto hashes = ToTell(person, known);
  if (hashes.empty()) {
    if (context.json) {
      PrintData(
          nlohmann::json{{"id", person.id}, {"hashes", nlohmann::json::array()}}.dump(context.json_indent()) +
          "\n");
    } else {
      Print(context,
            render::Say("The ledger binds nothing of it that is not said to be erased: nothing was sent.\n"));
    }
    return Exit::kYes;
  }
  return SignAndSend(context, signing,
                     [&](Connection*, const std::string& author, v1::Entry* entry) -> Status {
                       v1::ForgetPersonal* said = nullptr;
                       for (const std::string& hash : hashes) {
                         if (said == nullptr || said->hashes_size() == kMaxHashes) {
                           said = entry->add_actions()->mutable_forget_personal();
                           said->set_party(person.id);
                           said->set_by(author);
                         }
                         said->add_hashes(hash);
                       }
                       return absl::OkStatus();
                     });
}

StatusOr<Exit> Erase(const Context& context, const StoreOptions& options, const Signing& signing,
                     const std::string& id, const std::string& field) {
  FT_ASSIGN_OR_RETURN(auto kept, OpenStore(options));
  FT_ASSIGN_OR_RETURN(const auto* named, NeedPerson(kept.book, id));
  const std::string party = named->id;  // its own name may go with the last value
  FT_ASSIGN_OR_RETURN(const int erased, kept.book.Erase(party, field));
  // First what can be erased, whatever becomes of the rest.
  FT_RETURN_IF_ERROR(kept.Write());
  std::fputs((erased == 1 ? render::Say("fundtrail: 1 value of {} erased in the store\n", party)
                          : render::Say("fundtrail: {} values of {} erased in the store\n", erased, party))
                 .In(context.language)
                 .c_str(),
             stderr);
  FT_ASSIGN_OR_RETURN(const auto* person, NeedPerson(kept.book, party));
  const auto told = TellLedger(context, signing, *person);
  if (!told.ok()) {
    return Annotate(told.status(),
                    "the store has erased it, and the ledger does not say so: run the same again to tell it");
  }
  kept.book.Told(party);
  FT_RETURN_IF_ERROR(kept.Write());
  return *told;
}

CLI::App* AddOne(CLI::App* group, const char* name, const char* what, const char* example) {
  auto* command = group->add_subcommand(name, what);
  command->footer(fmt::format("Example: fundtrail {}", example));
  return command;
}

}  // namespace

void AddPersonalCommands(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand(
      "personal",
      "Values of natural persons, which are kept outside the ledger and can be erased (docs/privacy.md)");
  group->require_subcommand(1);
  group->fallthrough();
  auto store = std::make_shared<StoreOptions>();
  auto id = std::make_shared<std::string>();
  auto field = std::make_shared<std::string>();
  auto file = std::make_shared<std::string>();
  auto values = std::make_shared<std::vector<std::string>>();
  auto signing = std::make_shared<Signing>();

  auto* add = AddOne(group, "new", "Gives a person a random id for the ledger, and prints it",
                     "personal new case-17 --store persons --store-passphrase-file words");
  add->add_option("NAME", *id, "Your own name for the person, which stays in the store");
  AddStore(add, store.get());
  OnRun(add, context, [=] { return New(*context, *store, *id); });

  auto* commit = AddOne(
      group, "commit",
      "Keeps values of a person, and prints the options of `party add` or `party amend` that bind them",
      "personal commit case-17 --values - --store persons --store-passphrase-file words");
  commit->add_option("PERSON", *id, "The person's id, or your own name for it")->required();
  commit->add_option(
      "VALUES", *values,
      "What to keep: FIELD=VALUE. Other users of the machine may see a command line: --values is safer");
  commit->add_option("--values", *file, "A file with lines FIELD=VALUE, or - for standard input");
  AddStore(commit, store.get());
  OnRun(commit, context, [=] { return Commit(*context, *store, *id, *values, *file); });

  auto* show = AddOne(group, "show", "Shows what is kept, of one person or of all",
                      "personal show case-17 --store persons --store-passphrase-file words");
  show->add_option("PERSON", *id, "The person's id, or your own name for it; else all");
  AddStore(show, store.get());
  OnRun(show, context, [=] { return Show(*context, *store, *id); });

  auto* prove =
      AddOne(group, "prove", "Writes one value and its salt into a file, for one auditor",
             "personal prove case-17 name --out proof --store persons --store-passphrase-file words");
  prove->add_option("PERSON", *id, "The person's id, or your own name for it")->required();
  prove->add_option("FIELD", *field, "The field")->required();
  prove->add_option("--out", *file, "The file to make. Nothing is overwritten")->required();
  AddStore(prove, store.get());
  OnRun(prove, context, [=] { return Prove(*context, *store, *id, *field, *file); });

  auto* check = AddOne(group, "check", "Whether the ledger binds the value in such a file",
                       "--ledger DIR personal check proof");
  check->add_option("FILE", *file, "What `personal prove` wrote")->required();
  OnRun(check, context, [=] { return Check(*context, *file); });

  auto* erase = AddOne(
      group, "erase", "Erases values and their salts, and tells the ledger that they are erased",
      "--ledger DIR personal erase case-17 --store persons --store-passphrase-file words --key office.key");
  erase->add_option("PERSON", *id, "The person's id, or your own name for it")->required();
  erase->add_option("FIELD", *field, "The field; else all of the person");
  AddStore(erase, store.get());
  AddSigning(erase, signing.get());
  AddReceipt(erase, signing.get());
  OnRun(erase, context, [=] { return Erase(*context, *store, *signing, *id, *field); });
}

}  // namespace fundtrail::cli
