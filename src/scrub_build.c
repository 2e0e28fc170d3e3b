/* scrub_build.c: secrets -> a trie with failure links (Aho-Corasick), and the filter.
 *
 * The filter is that of Wu and Manber: of each form it knows the first bytes, a window as long as the shortest secret
 * (32 at most). The table says for four bytes at the end of the window how far on a form could begin at the earliest. */
#include "scrub.h"

#include <string.h>

/* ---- The trie ---------------------------------------------------------------------------------------- */

static uint32_t add(dc_scrubber *scrub, uint32_t parent, uint8_t label) {
    dc_node *nodes = dc_scrub_nodes(scrub);
    const uint32_t known = dc_scrub_child(scrub, parent, label);
    if (known != 0) return known;
    const uint32_t node = scrub->used++;
    memset(&nodes[node], 0, sizeof *nodes);
    nodes[node].label = label;
    nodes[node].depth = (uint16_t)(nodes[parent].depth + 1);
    if (parent == 0) scrub->root[label] = (uint16_t)node;
    if (parent != 0 && parent + 1 == node) {
        nodes[parent].flags |= DC_NODE_CHAIN;
    } else {
        nodes[node].next = nodes[parent].side;
        nodes[parent].side = (uint16_t)node;
    }
    return node;
}

/* Set a child's failure link and put it at the end of the queue, which runs through `found` for the time being. */
static uint32_t queue(dc_scrubber *scrub, uint32_t last, uint32_t parent, uint32_t child) {
    dc_node *nodes = dc_scrub_nodes(scrub);
    uint32_t from = nodes[parent].fail, to = 0;
    if (parent != 0) {
        while ((to = dc_scrub_child(scrub, from, nodes[child].label)) == 0 && from != 0) from = nodes[from].fail;
    }
    nodes[child].fail = (uint16_t)to;
    nodes[last].found = (uint16_t)child;
    return child;
}

/* Breadth first: what a failure link leads to is less deep, so it is complete. */
static void link_failures(dc_scrubber *scrub) {
    dc_node *nodes = dc_scrub_nodes(scrub);
    uint32_t node = 0, last = 0;
    for (;;) {
        if ((nodes[node].flags & DC_NODE_CHAIN) != 0) last = queue(scrub, last, node, node + 1);
        for (uint32_t child = nodes[node].side; child != 0; child = nodes[child].next)
            last = queue(scrub, last, node, child);
        const uint32_t next = nodes[node].found;
        const bool whole = (nodes[node].flags & DC_NODE_SECRET) != 0;
        nodes[node].found = whole ? nodes[node].depth : nodes[nodes[node].fail].found;
        if (node == 0) nodes[node].found = 0;
        if (next == 0) return;
        node = next;
    }
}

/* ---- The filter -------------------------------------------------------------------------------------- */

static void set_live(dc_scrubber *scrub, uint8_t byte) {
    scrub->live[byte >> 3] |= (uint8_t)(1 << (byte & 7));
}

static void add_window(dc_scrubber *scrub, const char *window) {
    uint8_t *shifts = dc_scrub_shifts(scrub), *firsts = dc_scrub_firsts(scrub);
    const uint32_t last = scrub->window - DC_SCRUB_GRAM;
    for (uint32_t i = 0; i <= last; i++) {
        uint32_t gram;
        memcpy(&gram, window + i, sizeof gram);
        const uint32_t hash = dc_scrub_hash(gram) & (scrub->table - 1);
        if (shifts[hash] > last - i) shifts[hash] = (uint8_t)(last - i);
        if (i == 0) firsts[hash >> 3] |= (uint8_t)(1 << (hash & 7));
    }
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

static void set_base64(dc_scrubber *scrub) {
    memset(scrub->six, DC_NO_SIX, sizeof scrub->six);
    for (uint32_t i = 0; i < sizeof letters - 1; i++) {
        scrub->six[(uint8_t)letters[i]] = (uint8_t)(i < 64 ? i : i - 2);
        set_live(scrub, (uint8_t)letters[i]);
    }
}

/* Base64 from the first character that is the secret's alone: `skip` bits of the secret are in the one before. */
static void add_base64(dc_scrubber *scrub, const uint8_t *secret, uint32_t skip, bool url) {
    char window[DC_SCRUB_WINDOW];
    for (uint32_t i = 0; i < scrub->window; i++) {
        const uint32_t bit = skip + 6 * i, pair = (uint32_t)secret[bit / 8] << 8 | secret[bit / 8 + 1];
        const uint32_t value = (pair >> (10 - bit % 8)) & 63;
        window[i] = letters[url && value > 61 ? value + 2 : value];
    }
    add_window(scrub, window);
}

static void add_hex(dc_scrubber *scrub, const uint8_t *secret, const char *digits) {
    char window[DC_SCRUB_WINDOW];
    for (uint32_t i = 0; i < scrub->window; i++) {
        window[i] = digits[(i & 1) == 0 ? secret[i / 2] >> 4 : secret[i / 2] & 15];
    }
    add_window(scrub, window);
}

static void add_forms(dc_scrubber *scrub, const uint8_t *secret) {
    add_window(scrub, (const char *)secret);
    add_hex(scrub, secret, "0123456789abcdef");
    add_hex(scrub, secret, "0123456789ABCDEF");
    for (uint32_t skip = 0; skip <= 4; skip += 2) {
        add_base64(scrub, secret, skip, false);
        add_base64(scrub, secret, skip, true);
    }
}

/* One secret into the trie, with `space` in the place of each space (form encoding). False: it has none. */
static bool add_secret(dc_scrubber *scrub, dc_secret secret, uint8_t space) {
    bool spaced = false;
    uint8_t start[DC_SCRUB_WINDOW + 1] = {0};
    uint32_t node = 0, count = 0;
    for (int each = dc_secret_byte(&secret); each >= 0; each = dc_secret_byte(&secret)) {
        const uint8_t byte = each == ' ' ? space : (uint8_t)each;
        spaced = spaced || each == ' ';
        node = add(scrub, node, byte);
        set_live(scrub, byte);
        if (count < DC_SCRUB_WINDOW) start[count++] = byte;
    }
    dc_scrub_nodes(scrub)[node].flags |= DC_NODE_SECRET;
    add_forms(scrub, start);
    memset(start, 0, sizeof start); /* dc_close wipes the arena, not the stack */
    __asm__ volatile("" : : "r"(start) : "memory");
    return spaced;
}

void dc_scrub_build(dc_scrubber *scrub, dc_span json, dc_span harmless) {
    dc_secret_walk walk;
    dc_secret secret;
    memset(dc_scrub_shifts(scrub), (int)(scrub->window - DC_SCRUB_GRAM + 1), scrub->table);
    memset(dc_scrub_firsts(scrub), 0, scrub->table / 8);
    memset(dc_scrub_nodes(scrub), 0, sizeof(dc_node));
    scrub->used = 1;
    set_base64(scrub);
    for (dc_secret_begin(&walk, json, harmless); dc_secret_next(&walk, &secret);) {
        if (add_secret(scrub, secret, ' ')) add_secret(scrub, secret, '+');
    }
    link_failures(scrub);
}
