/* Lists of toolkits and tools: every filter narrows, the order is the one that was asked for, pages do not overlap. */
#include "call.h"

#include "catalog.h"
#include "json.h"

#define TOOLKITS \
    "\"toolkits\":[{\"slug\":\"zeta\",\"name\":\"Alpha\",\"categories\":[\"crm\"],\"version\":\"20251111_00\"}," \
    "{\"slug\":\"beta\",\"name\":\"aaa\",\"categories\":[\"email\"],\"version\":\"latest\"}," \
    "{\"slug\":\"alpha\",\"name\":\"Zulu\",\"description\":\"Sends MAIL\"}],\"managed\":[\"beta\"],\"limit\":20"
#define TOOLS \
    "\"tools\":[{\"slug\":\"A\",\"toolkit\":\"zeta\",\"important\":true,\"scopes_any_of\":[\"read\",\"write\"]," \
    "\"hints\":{\"read_only\":true}}," \
    "{\"slug\":\"B\",\"toolkit\":\"zeta\",\"scopes_any_of\":[\"write\"],\"hints\":{\"destructive\":true}}," \
    "{\"slug\":\"C\",\"toolkit\":\"beta\",\"hints\":{\"idempotent\":true,\"open_world\":true}}],\"limit\":20"

static const dc_reply *answer(const char *name, const char *head) {
    uint32_t i = 0;
    while (i < dc_operation_count && strcmp(dc_operations[i].name, name) != 0) i++;
    return dc_answer(i, 1000000, give(head, NULL));
}

/* The slugs on the page, in their order. */
static const char *slugs_of(const dc_reply *reply) {
    static char list[256];
    const cJSON *item;
    size_t size = 0;
    cJSON_ArrayForEach(item, dc_json_read(raw_at(reply->part[0], "items"))) {
        const char *slug = dc_json_text(item, "slug");
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%s", size ? " " : "", slug ? slug : "?");
    }
    list[size] = '\0';
    return list;
}

typedef struct list_row {
    const char *operation, *head, *slugs;
} list_row;

static const list_row lists[] = {
    {"toolkits.list", "{" TOOLKITS "}", "zeta beta alpha"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"sort_by\":\"usage\"}}", "zeta beta alpha"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"sort_by\":\"alphabetically\"}}", "beta zeta alpha"},
    {"toolkits.list",
     "{\"toolkits\":[{\"slug\":\"b\",\"name\":\"B\"},{\"slug\":\"n\"},{\"slug\":\"a\",\"name\":\"A\"}],"
     "\"limit\":20,\"query\":{\"sort_by\":\"alphabetically\"}}",
     "n a b"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"managed_by\":\"devcaster\"}}", "beta"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"managed_by\":\"composio\"}}", "beta"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"managed_by\":\"project\"}}", "zeta alpha"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"managed_by\":\"all\"}}", "zeta beta alpha"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"category\":\"email\"}}", "beta"},
    {"toolkits.list", "{" TOOLKITS ",\"query\":{\"search\":\"mail\"}}", "alpha"},
    {"toolkits.list", "{" TOOLKITS ",\"offset\":1}", "beta alpha"},
    {"tools.list", "{" TOOLS "}", "A B C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"toolkit_slug\":\"zeta,beta\"}}", "A B C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"toolkit_slug\":\"beta\"}}", "C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"tool_slugs\":[\"C\",\"A\"]}}", "A C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"tags\":[\"readOnlyHint\",\"idempotentHint\"]}}", "A C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"tags\":[\"nosuch\"]}}", ""},
    {"tools.list", "{" TOOLS ",\"query\":{\"scopes\":[\"read\"]}}", "A C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"important\":true}}", "A C"},
    {"tools.list", "{" TOOLS ",\"query\":{\"auth_config_ids\":[\"ac_1\"]}}", ""},
    {"tools.list", "{" TOOLS ",\"query\":{\"auth_config_ids\":[\"ac_1\"]},\"configs\":[null,{\"toolkit\":\"zeta\"}]}",
     "A B"},
    {"tools.list",
     "{" TOOLS ",\"query\":{\"auth_config_ids\":[\"ac_1\"]},\"configs\":[{\"toolkit\":\"zeta\",\"tools\":[\"B\"]}]}",
     "B"},
};

int main(void) {
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const dc_reply *reply = answer(lists[i].operation, lists[i].head);
        const bool good = CHECK_STATUS(reply, 200) && CHECK(strcmp(slugs_of(reply), lists[i].slugs) == 0);
        if (!good) fprintf(stderr, "  %s %s: %s\n", lists[i].operation, lists[i].head, slugs_of(reply));
    }
    const dc_reply *made = answer("toolkits.list", "{" TOOLKITS "}");
    const cJSON *first = cJSON_GetArrayItem(dc_json_read(raw_at(made->part[0], "items")), 0);
    const char *created = dc_json_text(dc_json_get(first, "meta"), "created_at");
    CHECK(created && strcmp(created, "2025-11-11T00:00:00.000Z") == 0);
    CHECK(reply_holds(answer("tools.list", "{" TOOLS "}"), "\"tags\":[\"idempotentHint\",\"openWorldHint\"]"));
    return check_report();
}
