"""The demo's texts: who trades here, and what. Nobody and nothing in it exists."""

from config.demo.plan import (
    Fate,
    Fresh,
    Item,
    OfferMade,
    Part,
    Person,
    Shelf,
    days,
    hours,
    minutes,
)

#: The accounts people log in with; the first sells, the last works here.
ACCOUNTS = (
    Person(
        "seller",
        "Robin Ashdown",
        "Norwich, England",
        "Europe/London",
        "short grey fair beard",
        "I clear attics for a living and sell what deserves a second life. Everything is cleaned, "
        "checked and packed by me. Questions are answered the same day.",
    ),
    Person(
        "bidder1",
        "Mira Okafor",
        "Lagos, Nigeria",
        "Africa/Lagos",
        "bun black dark",
        "Film photographer. Slowly replacing everything in my flat with things older than I am.",
    ),
    Person(
        "bidder2",
        "Jonas Lindqvist",
        "Uppsala, Sweden",
        "Europe/Stockholm",
        "short blond fair glasses",
        "Watches, records, anything with gears. I bid what a thing is worth to me and sleep well.",
    ),
    Person(
        "staff",
        "Dana Whitlock",
        "Lisbon, Portugal",
        "Europe/Lisbon",
        "long auburn peach glasses",
        "I look after this house. Write to me when something seems wrong.",
    ),
)

PEOPLE = (
    Person(
        "tamsin.vale",
        "Tamsin Vale",
        "Bristol, England",
        "Europe/London",
        "curls red fair",
        "Camera repairer, second generation. Every shutter leaves my bench with a test strip.",
    ),
    Person(
        "old_dial",
        "Emeric Halász",
        "Budapest, Hungary",
        "Europe/Budapest",
        "bald grey peach beard",
        "Watches and clocks, timed in six positions. I sell one a week and regret half of them.",
    ),
    Person(
        "hearth_and_oak",
        "Ingrid Solheim",
        "Bergen, Norway",
        "Europe/Oslo",
        "long blond fair",
        "Furniture of the fifties and sixties, oiled by hand. Collect from the harbour, or I ship.",
    ),
    Person(
        "pier_books",
        "Callum Reyes",
        "Halifax, Canada",
        "America/Halifax",
        "short black tan glasses",
        "A bookshop with a view of the ferries. Maps, travel, natural history.",
    ),
    Person(
        "sixstring_sol",
        "Soledad Prieto",
        "Valencia, Spain",
        "Europe/Madrid",
        "long black tan",
        "Guitar teacher. What I sell I have played, and I say so when a fret buzzes.",
    ),
    Person(
        "kiln.and.co",
        "Noor Haddad",
        "Marseille, France",
        "Europe/Paris",
        "bun brown tan",
        "Studio potter who buys too many pots from other potters.",
        "fr",
    ),
    Person(
        "jun.arai",
        "Jun Arai",
        "Kanazawa, Japan",
        "Asia/Tokyo",
        "short black peach",
        "Lenses, stamps and small mechanical things. I pack better than the post deserves.",
    ),
    Person(
        "mbeki_l",
        "Lindiwe Mbeki",
        "Cape Town, South Africa",
        "Africa/Johannesburg",
        "curls black brown",
        "Interior designer, always looking for one more lamp.",
    ),
    Person(
        "felix.brandt",
        "Felix Brandt",
        "Leipzig, Germany",
        "Europe/Berlin",
        "short brown fair beard",
        "Cyclist with room for six bicycles and a seventh on the way.",
        "de",
    ),
    Person(
        "quiet_owl",
        "Maren Dahl",
        "Aarhus, Denmark",
        "Europe/Copenhagen",
        "bun white fair glasses",
        "I bid late and only once.",
    ),
    Person(
        "ravi.k",
        "Ravi Kulkarni",
        "Pune, India",
        "Asia/Kolkata",
        "short black brown glasses",
        "Old electronics, working or nearly. The smell of warm valves.",
    ),
    Person(
        "copperkettle",
        "Odette Lavigne",
        "Québec, Canada",
        "America/Toronto",
        "long grey fair glasses",
        "Tea things, mostly. My cupboards are full and I am not done.",
        "fr",
    ),
    Person(
        "theo_m",
        "Theo Marchetti",
        "Turin, Italy",
        "Europe/Rome",
        "curls brown tan",
        "Prints, posters and small paintings for a long corridor.",
        "it",
    ),
    Person(
        "paperboat",
        "Aisha Rahman",
        "Sylhet, Bangladesh",
        "Asia/Dhaka",
        "long black brown",
        "Atlases and anything with a coastline.",
    ),
    Person(
        "gull_and_anchor",
        "Piotr Zieliński",
        "Gdańsk, Poland",
        "Europe/Warsaw",
        "bald white fair beard",
        "Retired ship's engineer. Instruments, models, toys of my own youth.",
    ),
)

SHELVES = (
    Shelf(
        "art",
        "Art & Prints",
        (("paintings", "Paintings"), ("prints", "Prints & Posters")),
        "northbay",
    ),
    Shelf(
        "cameras-optics",
        "Cameras & Optics",
        (("film-cameras", "Film Cameras"), ("lenses", "Lenses"), ("telescopes", "Telescopes")),
    ),
    Shelf(
        "watches-jewellery",
        "Watches & Jewellery",
        (("wristwatches", "Wristwatches"), ("rings", "Rings")),
        "maxsold",
    ),
    Shelf("music", "Music", (("guitars", "Guitars"), ("keyboards", "Keyboards"))),
    Shelf("electronics", "Electronics", (("phones", "Phones"), ("hi-fi", "Radio & Hi-Fi"))),
    Shelf("furniture", "Furniture", (("seating", "Seating"), ("storage", "Storage"))),
    Shelf(
        "home",
        "Home & Lighting",
        (("lamps", "Lamps"), ("clocks", "Clocks"), ("rugs", "Rugs")),
        "trademe",
    ),
    Shelf(
        "ceramics-glass",
        "Ceramics & Glass",
        (("vases", "Vases"), ("tea-coffee", "Tea & Coffee"), ("bottles", "Bottles")),
    ),
    Shelf(
        "books-paper",
        "Books & Paper",
        (("books", "Books"), ("maps-globes", "Maps & Globes"), ("typewriters", "Typewriters")),
        "trademe",
    ),
    Shelf(
        "coins-stamps",
        "Coins & Stamps",
        (("coins", "Coins"), ("stamps", "Stamps")),
        "northbay",
    ),
    Shelf("fashion", "Fashion", (("shoes", "Shoes"), ("bags", "Bags"))),
    Shelf("sport", "Sport & Cycling", (("bicycles", "Bicycles"), ("skateboards", "Skateboards"))),
    Shelf(
        "toys-games",
        "Toys & Games",
        (("model-cars", "Model Cars"), ("chess", "Chess"), ("video-games", "Video Games")),
        "maxsold",
    ),
)

#: Within minutes of the end: what a visitor sees first.
_ENDING = (
    Item(
        title="Kestrel 35 rangefinder camera in black, with 45 mm lens",
        category="film-cameras",
        seller="tamsin.vale",
        kind="camera",
        colour="2b2a2e",
        pictures=4,
        start=60,
        worth=236,
        bids=13,
        who=("bidder2", "jun.arai"),
        leader="bidder1",
        opens=-days(6),
        ends=minutes(3.5),
        text="""
        A compact rangefinder from the early sixties, the black version that sold a tenth as well
        as the chrome one. I stripped and cleaned the shutter in spring; all speeds are within a
        third of a stop, and the test strip comes with it. The rangefinder patch is bright and
        lines up at one metre and at infinity.

        There is brassing on the corners where it has been carried, and a faint mark on the bottom
        plate from a tripod. The lens is free of haze and fungus. Takes ordinary 35 mm film and one
        battery you can still buy.
        """,
    ),
    Item(
        title="Hand-wound steel dress watch with midnight blue dial, 1962",
        category="wristwatches",
        seller="old_dial",
        kind="watch dress",
        colour="22344f",
        pictures=3,
        start=180,
        worth=610,
        bids=16,
        who=("bidder1", "felix.brandt"),
        leader="bidder2",
        opens=-days(7),
        ends=minutes(5),
        text="""
        A thin steel watch with seventeen jewels, bought new in Vienna in 1962 and worn on Sundays.
        The blue of the dial has gone a little purple towards the edge, which photographs badly
        and looks wonderful. Case unpolished, 34 mm without the crown.

        Serviced in January: it gains four seconds a day on the wrist. The strap is new calf, the
        buckle original. I can send the timing sheet on request.
        """,
    ),
    Item(
        title="Tall stoneware vase in sea-green glaze, signed",
        category="vases",
        seller="seller",
        kind="vase",
        colour="5f8a8b",
        pictures=1,
        start=18,
        worth=92,
        bids=8,
        who=("bidder2", "mbeki_l", "copperkettle"),
        opens=-days(5),
        ends=minutes(6.5),
        text="""
        Thrown in one piece and 38 cm tall, which is harder than it looks. The glaze runs from sea
        green to nearly white where the pot was turned away from the flame. An incised mark on the
        foot, a bird in a circle, which I have not been able to place.

        No chips, no hairlines, rings like a bell. Holds water: it had dahlias in it last week.
        """,
    ),
    Item(
        title="Belt-drive turntable in walnut plinth, freshly serviced",
        category="hi-fi",
        seller="ravi.k",
        kind="turntable",
        colour="8a5a36",
        pictures=2,
        start=90,
        worth=318,
        reserve=250,
        bids=12,
        who=("bidder1", "gull_and_anchor"),
        opens=-days(4),
        ends=minutes(8),
        text="""
        A heavy belt-drive deck from the seventies in a plinth of real walnut veneer. New belt, new
        bearing oil, and the motor runs so quietly that I twice thought it was off. Speed checked
        with a strobe at both 33 and 45.

        The cartridge has about two hundred hours on it and tracks cleanly. The lid is not
        original and has one scratch you only see in low sun. Ships in two boxes, platter apart.
        """,
    ),
    Item(
        title="Three commemorative medals, two gilt and one copper",
        category="coins",
        seller="jun.arai",
        kind="coin",
        colour="d2a546",
        pictures=2,
        start=25,
        worth=140,
        bids=9,
        increment=2.5,
        who=("gull_and_anchor", "paperboat"),
        opens=-days(3),
        ends=minutes(9.5),
        text="""
        Struck for an exhibition that very few people visited, and kept in a drawer ever since. The
        large gilt piece has a head in profile on one side; the second shows its back, with a sun
        in a wreath. The small one is copper and was given to the helpers.

        Edges sharp, fields with light hairlines, no cleaning. They come in a lined tin, not the
        original case.
        """,
        parts=(
            Part("Gilt medal, 60 mm, head in profile", 60, 90),
            Part("Gilt medal, 50 mm, sun and wreath", 40, 60),
            Part("Copper medal for helpers, 22 mm", 5, 15),
        ),
    ),
    Item(
        title="Skateboard with striped maple deck, hardly ridden",
        category="skateboards",
        seller="felix.brandt",
        kind="skateboard stripes",
        colour="e0693a",
        pictures=1,
        start=30,
        worth=0,
        opens=-days(2),
        ends=minutes(7),
        text="""
        Bought with the best intentions and ridden as far as the bakery, twice. Seven plies of
        maple, 8.25 inches wide, soft wheels that forgive pavement. The graphic has one scrape near
        the tail; the trucks are as new.

        Bearings spin for a minute. A tool and a spare set of bolts go with it.
        """,
    ),
)

_RUNNING = (
    Item(
        title="Spruce-top acoustic guitar with hard case",
        category="guitars",
        seller="sixstring_sol",
        kind="guitar",
        colour="d99a4e",
        pictures=3,
        start=150,
        worth=420,
        bids=11,
        who=("bidder1", "quiet_owl"),
        leader="copperkettle",
        opens=-days(5),
        ends=hours(2.2),
        text="""
        Solid spruce top, rosewood back and sides, made in a small workshop outside Valencia about
        fifteen years ago. The top has aged to the colour of honey and the bass has opened up with
        it. Action is low but clean: 2.4 mm at the twelfth fret.

        One repaired ding on the lower bout, shown in the pictures, which does nothing to the
        sound. New strings last month. The hard case locks and its key still exists.
        """,
    ),
    Item(
        title="Offset electric guitar in signal red",
        category="guitars",
        seller="sixstring_sol",
        kind="electric",
        colour="c23b2e",
        pictures=2,
        start=200,
        worth=515,
        reserve=480,
        bids=14,
        who=("bidder2", "ravi.k"),
        opens=-days(3),
        ends=hours(5),
        text="""
        Three single coils, a bridge that stays in tune, and a red that makes people smile before
        you have played a note. The neck is maple with a rosewood board, flat enough for bends,
        round enough for chords. Frets have eighty per cent of their life left.

        Wiring was tidied by a friend who does this for a living, and the old switch is in the
        bag. A few marks on the back from belts. Gig bag included.
        """,
    ),
    Item(
        title="Steel touring bicycle in racing green, 56 cm",
        category="bicycles",
        seller="seller",
        kind="bicycle tour",
        colour="2f7a6b",
        pictures=4,
        start=220,
        worth=540,
        buy_now=980,
        bids=10,
        increment=10,
        who=("felix.brandt", "theo_m"),
        leader="bidder1",
        opens=-days(6),
        ends=hours(7.5),
        text="""
        Lugged steel from a maker who built for postmen and, on Saturdays, for racers. It has been
        to the sea and back every summer for eleven years and has never once left me at the
        roadside. New chain, cassette and cables this spring.

        The paint is original with honest chips on the chainstay. Wheels are true, tyres have a
        season left. It fits riders of about 1.75 to 1.85 m. Pedals as shown; lights on request.
        """,
    ),
    Item(
        title="Buttoned lounge chair in ochre wool",
        category="seating",
        seller="hearth_and_oak",
        kind="chair",
        colour="c98a2e",
        pictures=2,
        start=140,
        worth=355,
        bids=9,
        who=("mbeki_l", "bidder2"),
        opens=-days(4),
        ends=hours(11),
        text="""
        A chair for reading in, made about 1958 and covered again last winter in a Norwegian wool
        that will outlast all of us. Webbing and foam are new, the beech frame is not, and has been
        glued where it needed it.

        Seat height 41 cm, width 78 cm. The legs unscrew for transport. From a house with a cat who
        was not allowed in that room.
        """,
    ),
    Item(
        title="Mushroom table lamp in coral enamel",
        category="lamps",
        seller="mbeki_l",
        kind="lamp dome",
        colour="c7654a",
        pictures=2,
        start=40,
        worth=165,
        bids=12,
        who=("hearth_and_oak", "bidder1"),
        opens=-days(3),
        ends=hours(16),
        text="""
        Enamelled steel, warm light, and a switch that clicks the way switches should. The shade
        throws its light down and keeps the room in a pleasant half dark. Rewired with cloth cable
        and a new plug.

        A pinhead chip on the rim, touched in. 44 cm tall. The bulb in the pictures comes with it.
        """,
    ),
    Item(
        title="Blue teapot with one cup, daisy pattern",
        category="tea-coffee",
        seller="kiln.and.co",
        kind="teapot",
        colour="4f7f8a",
        pictures=2,
        currency="EUR",
        start=15,
        worth=68,
        bids=10,
        who=("copperkettle", "bidder1"),
        leader="bidder1",
        opens=-days(4),
        ends=hours(20),
        text="""
        Pours without dripping, which cannot be said of most teapots in any museum. The glaze is
        a deep petrol blue with a white daisy under it, brushed freely, so that no two sides are
        alike. Holds five cups; the sixth person gets the cup in the picture.

        The lid sits snugly. Faint crazing inside, as it should be after forty years of tea.
        """,
    ),
    Item(
        title="Voyages along a Northern Coast, bound in oxblood leather",
        category="books",
        seller="pier_books",
        kind="book",
        colour="7a2a2a",
        pictures=2,
        start=55,
        worth=190,
        bids=9,
        who=("paperboat", "quiet_owl"),
        opens=-days(5),
        ends=hours(26),
        text="""
        A traveller's journal of 1874 in a later binding of oxblood goatskin, gilt on the boards
        and the spine. Twelve folding plates, all present, one with a closed tear in the margin.
        The author complains about the food on every second page and draws like an angel.

        Some foxing to the first and last leaves. A previous owner has pencilled the tides beside
        the text, and was right about them.
        """,
    ),
    Item(
        title="Screen print: Three Sails at Noon, numbered 41 of 120",
        category="prints",
        seller="theo_m",
        kind="poster noon",
        colour="c9a06a",
        pictures=2,
        start=70,
        worth=160,
        bids=6,
        who=("gull_and_anchor",),
        opens=-days(2),
        ends=hours(32),
        text="""
        Five colours, pulled by hand on heavy cotton paper, signed and numbered in pencil. The blues
        are laid over each other so that the water seems to move when you walk past. Framed under
        museum glass in pale oak.

        Hung on a wall without direct sun. 50 by 70 cm in the frame.
        """,
    ),
    Item(
        title="Table radio of the valve days, working on all bands",
        category="hi-fi",
        seller="ravi.k",
        kind="radio",
        colour="8c4f2c",
        pictures=2,
        start=65,
        worth=210,
        bids=8,
        who=("gull_and_anchor", "bidder2"),
        opens=-days(3),
        ends=hours(44),
        text="""
        Six valves, a magic eye that still glows green, and a sound that makes voices seem to sit
        in the room. Capacitors replaced, everything else as it left the factory. It warms up in
        half a minute and then holds its station all evening.

        The walnut case has been cleaned and waxed, not refinished. The cloth of the grille is
        original with a small darn at the lower left.
        """,
    ),
    Item(
        title="Teak sideboard with three drawers, 1964",
        category="storage",
        seller="hearth_and_oak",
        kind="sideboard drawers",
        colour="a56a3a",
        pictures=2,
        start=380,
        worth=870,
        reserve=700,
        bids=10,
        increment=20,
        who=("mbeki_l",),
        opens=-days(4),
        ends=days(2.2),
        text="""
        Almost two metres of teak with the grain running through all the fronts. Doors hang true,
        drawers run on waxed oak, and there is a hole for cables that somebody drilled neatly in
        1981. Keys for both locks.

        Top oiled twice; two faint rings remain under the right lamp. It can be taken apart with
        one screwdriver and carried by two people who like each other.
        """,
    ),
    Item(
        title="Oil on canvas: Evening Hills, in a carved gilt frame",
        category="paintings",
        seller="theo_m",
        kind="painting evening",
        colour="c79a45",
        pictures=2,
        start=400,
        worth=1250,
        reserve=1500,
        bids=9,
        who=("bidder1", "mbeki_l"),
        opens=-days(4),
        ends=days(3),
        text="""
        Painted in the open in one sitting, by the look of it, some time in the thirties. The
        painter knew exactly when to stop. Signed lower right with initials that nobody has been
        able to read with certainty.

        Relined before my time, lightly cleaned in 2019, no overpainting under ultraviolet light.
        The frame is older than the picture and has two small losses at the corners. Sight size 62
        by 45 cm.
        """,
    ),
    Item(
        title="Portable typewriter in turquoise with its case",
        category="typewriters",
        seller="pier_books",
        kind="typewriter",
        colour="5f9a96",
        pictures=2,
        start=80,
        buy_now=190,
        opens=-days(2),
        ends=days(3.5),
        text="""
        Types a crisp, slightly small face and rings its bell at the end of the line with real
        conviction. Cleaned, oiled, new ribbon. All keys return, including the Q, which was the
        reason I got it cheaply.

        The turquoise is original and unfaded, because it lived in its case. The case has lost one
        of two clasps. A letter typed on it will be in the parcel.
        """,
    ),
    Item(
        title="Desk globe with brass meridian, 30 cm",
        category="maps-globes",
        seller="pier_books",
        kind="globe",
        colour="3f78a0",
        pictures=1,
        start=60,
        worth=145,
        bids=7,
        who=("paperboat", "bidder2"),
        leader="paperboat",
        opens=-days(3),
        ends=days(4),
        text="""
        A school globe of the fifties that was kept in the headmaster's office and therefore never
        thrown. The blue is deep, the borders are out of date in the usual places. It turns without
        a wobble and stays where you stop it.

        Base of turned walnut, meridian of solid brass with a small dent near the south pole. One
        abrasion in the Pacific, where it does the least harm.
        """,
    ),
    Item(
        title="Weighted chess set in boxwood and ebony, with board",
        category="chess",
        seller="gull_and_anchor",
        kind="chess",
        colour="4a2d1f",
        pictures=1,
        start=75,
        worth=230,
        bids=8,
        who=("quiet_owl", "ravi.k"),
        opens=-days(2),
        ends=days(5),
        text="""
        Tournament size, king 95 mm, heavily weighted and felted anew. The knights were carved by
        somebody who had met a horse. All thirty-two are there, plus a spare pair of queens.

        The board is maple and walnut with 55 mm squares and lies perfectly flat. It has crossed
        the Baltic forty times in my cabin and won me a good deal of coffee.
        """,
        parts=(
            Part("Chessmen in boxwood and ebony", 110, 160, 34),
            Part("Folding board, maple and walnut", 50, 80),
        ),
    ),
    Item(
        title="Ring with an oval green tourmaline, rose gold",
        category="rings",
        seller="old_dial",
        kind="ring",
        colour="2f7f6b",
        pictures=2,
        start=240,
        worth=420,
        bids=5,
        reserve=350,
        who=("copperkettle",),
        opens=-days(1.5),
        ends=days(6),
        text="""
        A tourmaline of 2.1 carats in the green of deep water, eye clean, held by six claws in
        rose gold of 585. The setting was made for this stone in the seventies by a goldsmith in
        Pécs; her mark is inside the band.

        Size 54, can be altered by two sizes either way. Comes in the box in the picture, with a
        short report by a gemmologist.
        """,
    ),
    Item(
        title="Yellow hand-held game console, boxed",
        category="video-games",
        seller="seller",
        kind="console",
        colour="d8b13e",
        pictures=2,
        start=35,
        worth=118,
        bids=11,
        who=("bidder2", "ravi.k"),
        leader="bidder2",
        opens=-days(3),
        ends=hours(6),
        text="""
        The yellow one that everybody's cousin had. Screen without dead pixels, buttons with their
        proper spring, and the original speaker that makes every tune sound like a wasp in a tin.

        In its box with the manual and one game, the one with the jumping. Runs for ten hours on
        four batteries. The flap over the batteries is there; usually it is the first thing to go.
        """,
        parts=(
            Part("Console with battery flap", 60, 90),
            Part("Cartridge with manual", 15, 25),
        ),
    ),
    Item(
        title="Patchwork of small watercolours, nine in one frame",
        category="paintings",
        seller="theo_m",
        kind="painting fruit",
        colour="3a302a",
        pictures=1,
        start=90,
        worth=150,
        bids=3,
        opens=-days(1),
        ends=days(6.5),
        text="""
        The framed one in front is the first of nine, all by the same hand, all of the same table
        in the same window, painted on nine successive Sundays. Fruit comes and goes; the jug stays.

        Each is 14 by 20 cm on heavy paper, mounted to be taken out and hung singly if you prefer.
        """,
    ),
    Item(
        title="Field telescope in brass and red leather, on tripod",
        category="telescopes",
        seller="gull_and_anchor",
        kind="telescope",
        colour="7a2f2a",
        pictures=2,
        start=130,
        worth=330,
        bids=9,
        increment=5,
        who=("paperboat", "tamsin.vale"),
        opens=-days(4),
        ends=hours(29),
        text="""
        Three draws, an objective of 50 mm, and a view that is sharp to the edge once you have
        found the right eye for it. The leather was renewed in the twenties and has darkened to
        the colour of old wine.

        The table tripod is later and very steady. No dents in the tubes, and they slide with a
        sound that is worth the price alone. I have counted the moons of Jupiter with it.
        """,
    ),
)

_SCHEDULED = (
    Item(
        title="Hand-knotted runner with three medallions, madder red",
        category="rugs",
        seller="hearth_and_oak",
        kind="rug",
        colour="9c3a2e",
        pictures=2,
        start=260,
        opens=hours(3),
        ends=days(5),
        text="""
        Wool on wool, knotted about ninety years ago, with three medallions on a ground of madder
        red and a border that never quite repeats. The pile is low and even; both ends keep their
        fringe and a finger's breadth of flat weave.

        Washed by a specialist in March. One old repair the size of a coin, well done. 235 by
        140 cm.
        """,
    ),
    Item(
        title="Analogue synthesiser with walnut sides, fully calibrated",
        category="keyboards",
        seller="ravi.k",
        kind="synth",
        colour="8a5a36",
        pictures=2,
        start=350,
        reserve=600,
        opens=days(1),
        ends=days(6),
        text="""
        Two oscillators, one filter, and a bass that finds loose things in your kitchen. Calibrated
        last month: it tracks over four octaves after ten minutes of warming up. All knobs and
        sliders cleaned, none replaced.

        Two keys have slight chips at the front. Comes with its mains lead, a patch book filled in
        by hand, and my reluctance.
        """,
    ),
    Item(
        title="Chart of an island passage, hand-coloured, folded",
        category="maps-globes",
        seller="pier_books",
        kind="chart",
        colour="7fa9a8",
        pictures=2,
        start=120,
        opens=days(2),
        ends=days(9),
        text="""
        A pilot's chart on heavy paper, coloured by hand, folded in three for a coat pocket. The
        compass rose is as red as the day it was painted. Soundings in fathoms, hills in little
        strokes, and one sea monster so small that the printer may not have noticed.

        Old folds reinforced from behind with tissue. A wine stain in the margin, of some age.
        """,
    ),
    Item(
        title="Leather satchel in chestnut, saddle-stitched",
        category="bags",
        seller="copperkettle",
        kind="bag",
        colour="9c5a30",
        pictures=2,
        condition="new",
        start=85,
        buy_now=240,
        opens=minutes(25),
        ends=days(3),
        text="""
        Made last month by a saddler's apprentice as his piece of work, and better than his
        master's, though nobody has told either of them. Vegetable-tanned leather, brass
        buckles, every stitch by hand. It will darken and soften with you.

        Holds a laptop of 14 inches and a loaf. New, never carried.
        """,
    ),
)

_DRAFTS = (
    Item(
        title="Sunburst wall clock with teak case",
        category="clocks",
        seller="seller",
        kind="clock",
        colour="8a5a36",
        pictures=1,
        start=55,
        opens=days(1),
        ends=days(8),
        fate=Fate.DRAFT,
        text="""
        Brass rays around a teak case, and a movement that has been replaced by a quiet
        quartz one. The old movement is in the box. Still to check: whether the small hand was
        always this small.
        """,
    ),
    Item(
        title="Studio headphones with wooden stand",
        category="hi-fi",
        seller="seller",
        kind="headphones",
        colour="b5533f",
        pictures=1,
        start=45,
        opens=days(1),
        ends=days(6),
        fate=Fate.DRAFT,
        text="""
        Closed headphones, recabled, new pads. The stand is turned oak. Measurements and a better
        picture to follow.
        """,
    ),
)

_ENDED = (
    Item(
        title="Portrait lens 85 mm in black, with caps",
        category="lenses",
        seller="jun.arai",
        kind="lens",
        colour="2a2c31",
        pictures=1,
        currency="JPY",
        start=90,
        worth=286,
        bids=14,
        who=("bidder2", "tamsin.vale"),
        leader="bidder1",
        opens=-days(8),
        ends=-days(1),
        text="""
        A fast portrait lens from the manual days, with a focus ring that turns like warm butter
        and a rendering that forgives tired faces. Glass clear, blades dry, mount tight.

        Filter thread without dents. The front cap is from a later series, the rear one is right.
        """,
    ),
    Item(
        title="Album page with six stamps, landscapes series complete",
        category="stamps",
        seller="jun.arai",
        kind="stamps",
        colour="a63f5a",
        pictures=2,
        start=20,
        worth=95,
        bids=12,
        who=("gull_and_anchor", "paperboat"),
        leader="bidder2",
        opens=-days(9),
        ends=-days(2),
        text="""
        The landscapes series in all six values, lightly used, with clean cancels that leave the
        pictures alone. Perforations complete on all sides, colours fresh, gum of course gone.

        From my father's album. He would want you to use the tweezers.
        """,
    ),
    Item(
        title="Model of a family saloon, 1:18, turquoise and cream",
        category="model-cars",
        seller="gull_and_anchor",
        kind="car",
        colour="5fa3a8",
        pictures=2,
        start=40,
        worth=132,
        bids=9,
        who=("ravi.k", "felix.brandt"),
        opens=-days(6),
        ends=-days(3),
        fate=Fate.ENDED_EARLY,
        text="""
        Die-cast, heavy, with doors that shut like doors. The two-tone paint is factory work, the
        chrome is complete, and the whitewalls are only a little yellow. On a walnut base with a
        plate that has never been engraved.

        Collector's condition apart from a speck on the roof, which I have had on my conscience
        for thirty years.
        """,
    ),
    Item(
        title="Rangefinder camera in chrome and chestnut leather",
        category="film-cameras",
        seller="tamsin.vale",
        kind="camera",
        colour="7a3b2c",
        pictures=2,
        currency="GBP",
        start=70,
        buy_now=210,
        opens=-days(5),
        ends=-days(1.5),
        fate=Fate.BOUGHT,
        leader="copperkettle",
        text="""
        The chrome body, covered again in chestnut goatskin cut to the original pattern. Shutter
        quiet and even, light meter off by half a stop, which is written on a label inside the
        case.

        Light seals new. A roll of film is loaded already; the first frame is mine, the rest are
        yours.
        """,
    ),
    Item(
        title="Gilt chronograph with cream dial and three registers",
        category="wristwatches",
        seller="old_dial",
        kind="watch chronograph",
        colour="efe7d6",
        pictures=2,
        start=300,
        worth=1180,
        reserve=900,
        bids=18,
        who=("felix.brandt", "bidder2", "theo_m"),
        opens=-days(12),
        ends=-days(5),
        text="""
        A column-wheel chronograph in a gilt case, with a dial the colour of cream that has stood
        for a day. Start, stop and reset are crisp and land on zero. The case has been worn but
        not polished, and the edges of the lugs are still edges.

        Serviced two years ago. The date of the sale is scratched inside the back in a very small
        hand: 14 May 1956.
        """,
    ),
    Item(
        title="City bicycle in tomato red with leather grips",
        category="bicycles",
        seller="felix.brandt",
        kind="bicycle town",
        colour="c8402f",
        pictures=1,
        start=120,
        worth=265,
        bids=8,
        who=("bidder1", "quiet_owl"),
        opens=-days(10),
        ends=-days(4),
        text="""
        A quick, upright bicycle for people who own a basket. Three gears in the hub, a bell you
        can hear across a square, and tyres that take cobbles well. Resprayed by the workshop
        next door in a red that does not look like this on any screen.

        Sold because a seventh one arrived.
        """,
    ),
    Item(
        title="Oil sketch: Boats at Dusk, in a walnut frame",
        category="paintings",
        seller="theo_m",
        kind="painting dusk",
        colour="8a5a33",
        pictures=1,
        currency="EUR",
        start=180,
        worth=430,
        bids=7,
        who=("mbeki_l", "gull_and_anchor"),
        opens=-days(14),
        ends=-days(7),
        text="""
        Oil on board, quick and sure, from a painter who was waiting for the wind. The varnish has
        been taken down and the sky has come back. In a plain walnut frame with a linen slip.

        Inscribed on the back with a place, a year and the price of lunch.
        """,
    ),
    Item(
        title="Parlour guitar in amber burst",
        category="guitars",
        seller="sixstring_sol",
        kind="guitar",
        colour="b9682f",
        pictures=1,
        start=180,
        worth=330,
        reserve=520,
        bids=8,
        who=("bidder1", "ravi.k"),
        opens=-days(9),
        ends=-days(2.5),
        text="""
        A small body with a large voice, a top that rings for half a minute, and a neck that has
        stayed straight under all of it. The amber burst is by hand and a little uneven, like
        everything worth looking at twice.

        Needs a patient hand. Small crack at the end block, cleated and stable.
        """,
    ),
    Item(
        title="Painted sideboard in harbour blue",
        category="storage",
        seller="hearth_and_oak",
        kind="sideboard slats",
        colour="4d7488",
        pictures=1,
        start=160,
        worth=240,
        reserve=400,
        bids=5,
        who=("mbeki_l",),
        opens=-days(8),
        ends=-days(3.5),
        text="""
        Pine under six coats of paint, the last of them mine: a grey blue mixed to match the harbour
        on a dull day. Brass pulls, dry drawers, feet that can be levelled.

        Honest kitchen furniture. There is a burn on the left door from a lamp that is no longer
        with us.
        """,
    ),
    Item(
        title="Three old cellar bottles with paper labels",
        category="bottles",
        seller="seller",
        kind="bottle",
        colour="2f5a3f",
        pictures=1,
        start=35,
        opens=-days(6),
        ends=-days(1.2),
        text="""
        Three hand-finished bottles with seams that stop below the lip, still with their labels.
        Empty, sadly, and clean. The green one leans a little, as it has since 1911.

        Good on a window sill. Nobody has found out what was in the middle one.
        """,
    ),
    Item(
        title="Chrome and oak radio, listed with the wrong model number",
        category="hi-fi",
        seller="ravi.k",
        kind="radio",
        colour="5f6f52",
        pictures=1,
        start=50,
        worth=88,
        bids=4,
        who=("bidder2", "gull_and_anchor"),
        opens=-days(4),
        ends=days(1),
        fate=Fate.STOPPED,
        reason="Stopped at the seller's request: the model number in the title was wrong.",
        text="""
        Described in good faith from the label on the back, which turned out to belong to another
        radio. It plays well, but it is not the model named here, and bidders should know what
        they bid on.
        """,
    ),
    Item(
        title="Pair of trainers, grey, withdrawn for a better description",
        category="shoes",
        seller="felix.brandt",
        kind="shoe",
        colour="8d939a",
        pictures=1,
        start=25,
        opens=-days(3),
        ends=days(2),
        fate=Fate.CANCELLED,
        reason="I will list them again with the right size.",
        text="""
        Grey trainers, lightly worn. The size on the tongue and the size on the sole do not agree,
        so I am measuring them again before anybody buys the wrong ones.
        """,
    ),
)

_OFFERS = (
    Item(
        title="Telephone in steel blue, unlocked, 128 GB",
        category="phones",
        seller="seller",
        kind="phone",
        colour="6f86a3",
        pictures=2,
        start=180,
        opens=-days(3),
        ends=days(4),
        text="""
        Two years old, always in a case, battery at 91 per cent. Unlocked and reset; it asks you for
        a language and nothing else. Glass without scratches, one hairline on the frame beside the
        button.

        With cable and box. I choose among the offers and tell everybody by Friday.
        """,
        offers=(
            OfferMade("mbeki_l", 182, -days(2.5), days(6)),
            OfferMade("bidder2", 195, -days(2), days(5)),
            OfferMade("bidder1", 210, -days(1), days(3)),
            OfferMade("ravi.k", 224, -hours(5), days(2)),
        ),
    ),
    Item(
        title="Cream canvas high-tops with red trim, size 43",
        category="shoes",
        seller="copperkettle",
        kind="shoe",
        colour="e9e4d8",
        pictures=2,
        condition="new",
        start=45,
        opens=-days(4),
        ends=days(3),
        text="""
        New in the box, tried on once, on carpet. A gift in a size that turned out to be hope. Thick
        cotton canvas, natural rubber, and laces of a length made for people.

        Open to offers; please give me at least a day to answer.
        """,
        offers=(
            OfferMade("bidder1", 48, -days(3), days(5)),
            OfferMade("quiet_owl", 55, -days(2.6), days(1)),
            OfferMade("theo_m", 66, -days(2), days(1.2)),
        ),
    ),
    Item(
        title="Petrol-blue table lamp with linen shade",
        category="lamps",
        seller="mbeki_l",
        kind="lamp shade",
        colour="46707a",
        pictures=1,
        start=60,
        opens=-days(5),
        ends=days(2),
        text="""
        A turned foot in petrol blue and a shade of pleated linen, bought for a client who changed
        the whole colour scheme the week after. Never used for more than a photograph.

        52 cm to the top of the shade, ordinary screw fitting. Offers with a date are welcome.
        """,
        offers=(
            OfferMade("copperkettle", 62, -days(4), days(1)),
            OfferMade("bidder2", 70, -days(3), hours(36)),
        ),
    ),
    Item(
        title="Green hand-held console with mended hinge, sold to a good home",
        category="video-games",
        seller="ravi.k",
        kind="console",
        colour="3f7f63",
        pictures=1,
        start=30,
        opens=-days(7),
        ends=days(1),
        text="""
        The hinge was broken and is now stronger than the rest. Plays every cartridge I own. Two
        small scratches on the lens that disappear once it is switched on.

        I would rather it went to somebody who plays than to a cabinet.
        """,
        offers=(
            OfferMade("felix.brandt", 34, -days(6), days(9)),
            OfferMade("bidder1", 41, -days(5), days(8), taken=True),
            OfferMade("gull_and_anchor", 44, -days(4), days(1.5)),
        ),
    ),
    Item(
        title="Screen print: Moonrise over Firs, artist's proof",
        category="prints",
        seller="seller",
        kind="poster moonrise",
        colour="2c2a28",
        pictures=1,
        start=80,
        opens=-days(6),
        ends=-hours(5),
        text="""
        One of six proofs before the edition, with a warmer moon than the later prints. Signed and
        marked in pencil by the printer. In a thin black frame under glass.

        The listing has run out; the offers still stand, and I am thinking.
        """,
        offers=(
            OfferMade("theo_m", 85, -days(5), days(8)),
            OfferMade("bidder2", 102, -days(3), days(7)),
            OfferMade("paperboat", 110, -days(1), days(3)),
        ),
    ),
    Item(
        title="Green-bound herbal with brass-coloured tooling",
        category="books",
        seller="pier_books",
        kind="book",
        colour="2f5a4a",
        pictures=2,
        start=65,
        opens=-days(1),
        ends=days(6),
        text="""
        A herbal of the eighteen-nineties in green cloth, tooled in something that wants to be gold.
        Two hundred plants, drawn from life, with remedies I do not recommend. A pressed fern
        marks the page on ferns.

        Joints tight, plates bright, the index missing its last leaf. Make me an offer.
        """,
        offers=(),
    ),
)

ITEMS = (*_ENDING, *_RUNNING, *_SCHEDULED, *_DRAFTS, *_ENDED, *_OFFERS)

#: What the live market keeps listing.
FRESH = (
    Fresh(
        title="Stoneware vase in {colour} glaze, from kiln load {number}",
        category="vases",
        kind="vase",
        colours=(
            ("sea-green", "5f8a8b"),
            ("oatmeal", "e0d6c2"),
            ("amber", "d19a3f"),
            ("plum", "6f4a5e"),
            ("slate", "5b6670"),
        ),
        start=12,
        text="""
        Thrown, glazed in {colour} and fired in the same week, and already looking for a shelf. The
        foot is polished so that it will not scratch yours. Watertight, unchipped, signed below.
        """,
    ),
    Fresh(
        title="Table lamp with {colour} dome, workshop no. {number}",
        category="lamps",
        kind="lamp dome",
        colours=(
            ("coral", "c7654a"),
            ("petrol", "46707a"),
            ("mustard", "d1a13a"),
            ("moss", "6f7f4f"),
        ),
        start=25,
        text="""
        Spun steel, enamelled in {colour}, with a cloth cable and a proper switch. It lights a book
        and leaves the rest of the room alone. Numbered by the workshop, tested by me.
        """,
    ),
    Fresh(
        title="Hand-wound watch with {colour} dial, bench no. {number}",
        category="wristwatches",
        kind="watch dress",
        colours=(
            ("midnight", "22344f"),
            ("cream", "efe7d6"),
            ("forest", "2f4a3f"),
            ("copper", "a9603a"),
        ),
        start=90,
        text="""
        Steel case, {colour} dial, a movement that has been apart and together again on my bench.
        Runs within eight seconds a day. New strap; the glass has been polished, the case has not.
        """,
    ),
    Fresh(
        title="Compact camera in {colour} leather, repair ticket {number}",
        category="film-cameras",
        kind="camera",
        colours=(
            ("black", "2b2a2e"),
            ("chestnut", "7a3b2c"),
            ("navy", "2c3b5a"),
            ("olive", "5a5f3c"),
        ),
        start=45,
        text="""
        Came in for repair and was never fetched. Shutter cleaned, seals replaced, covered in
        {colour} leather where the old one had shrunk. Takes ordinary film and good pictures.
        """,
    ),
    Fresh(
        title="Electric guitar in {colour}, rehearsal room {number}",
        category="guitars",
        kind="electric",
        colours=(
            ("red", "c23b2e"),
            ("surf green", "8fc2ae"),
            ("butter", "ecd9a0"),
            ("night blue", "2b3f6b"),
        ),
        start=120,
        text="""
        A rehearsal guitar in {colour} with three pickups and honest wear. It stays in tune through
        a whole evening. New strings, cleaned pots; the strap has been on tour and stays here.
        """,
    ),
    Fresh(
        title="Skateboard with {colour} waves, deck {number}",
        category="skateboards",
        kind="skateboard waves",
        colours=(
            ("blue", "3f6f9f"),
            ("rose", "c46a7a"),
            ("teal", "3f8f88"),
            ("orange", "e0693a"),
        ),
        start=20,
        text="""
        Screen-printed by a friend in {colour}, pressed by another, ridden once round the block by
        me. Trucks and wheels as new. Grip tape on the other side, trust me.
        """,
    ),
    Fresh(
        title="Teapot in {colour} with one cup, firing {number}",
        category="tea-coffee",
        kind="teapot",
        colours=(
            ("petrol blue", "4f7f8a"),
            ("brick", "a9573f"),
            ("celadon", "9db8a0"),
            ("ivory", "e6dfd0"),
        ),
        start=14,
        text="""
        Pours cleanly and holds its heat. Glazed in {colour} outside, white inside, so that you see
        what you are drinking. The cup is the sixth of six; the other five have homes.
        """,
    ),
    Fresh(
        title="Screen print: Two Boats and a Third, {colour} frame, copy {number}",
        category="prints",
        kind="poster noon",
        colours=(("oak", "c9a06a"), ("black", "2c2a28"), ("white", "e6e2d8")),
        start=30,
        text="""
        Pulled by hand in five colours. The third boat is the one everybody counts wrong. Framed in
        {colour} under glass, ready for a nail.
        """,
    ),
    Fresh(
        title="Leather satchel in {colour}, pattern {number}",
        category="bags",
        kind="bag",
        colours=(
            ("chestnut", "9c5a30"),
            ("black", "33302f"),
            ("bottle green", "35543f"),
            ("oxblood", "7a2d2a"),
        ),
        start=40,
        text="""
        Saddle-stitched by hand in {colour} leather that smells of a good shop. Two straps, two
        buckles, one pocket in front. Holds a laptop and whatever you buy on the way.
        """,
    ),
    Fresh(
        title="Hand-held console in {colour}, serial {number}",
        category="video-games",
        kind="console",
        colours=(
            ("yellow", "d8b13e"),
            ("green", "3f7f63"),
            ("violet", "7a62a8"),
            ("grey", "9a9ca0"),
        ),
        start=22,
        text="""
        Cleaned, tested, new speaker. The {colour} shell has the small scratches of a happy
        childhood. One cartridge included, and no, you cannot choose which.
        """,
    ),
    Fresh(
        title="Travel journal bound in {colour} leather, shelf {number}",
        category="books",
        kind="book",
        colours=(
            ("oxblood", "7a2a2a"),
            ("green", "2f5a4a"),
            ("indigo", "31416e"),
            ("tan", "a5703f"),
        ),
        start=18,
        text="""
        Somebody else's journey, in {colour} leather with gilt on the boards. Some foxing, all the
        plates, and a pressed flower at the page about the mountain pass.
        """,
    ),
    Fresh(
        title="Model saloon in {colour} and cream, box {number}",
        category="model-cars",
        kind="car",
        colours=(
            ("turquoise", "5fa3a8"),
            ("red", "b8402f"),
            ("sand", "c9b084"),
            ("blue", "41639a"),
        ),
        start=16,
        text="""
        Die-cast, two-tone in {colour} and cream, on its walnut base. Doors open, wheels steer, and
        the chrome is all there. Boxed; the box has been opened with care.
        """,
    ),
)
