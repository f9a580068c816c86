using Hype.Grains.Channels.Endpoints;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Tests the decisions about rooms, one table for each kind of decision.</summary>
public sealed class RoomAssignerTests
{
    private const int Capacity = 2;

    private static readonly RegionId Local = MachineBench.Local;
    private static readonly RegionId Far = new("far");

    private static readonly ActiveRoom Empty = Room(1, Local, population: 0);
    private static readonly ActiveRoom SecondEmpty = Room(2, Local, population: 0);
    private static readonly ActiveRoom HalfFull = Room(3, Local, population: 1);
    private static readonly ActiveRoom Full = Room(4, Local, population: 2);
    private static readonly ActiveRoom Overfull = Room(5, Local, population: 3);
    private static readonly ActiveRoom Remote = Room(6, Far, population: 1);
    private static readonly ActiveRoom Draining = Room(7, Local, population: 1, draining: true);
    private static readonly ActiveRoom Drained = Room(8, Local, population: 0, draining: true);

    private static readonly RoomDecision Request = new RoomDecision.Request(Local);
    private static readonly RoomDecision Wait = RoomDecision.Waiting;

    private static readonly Assignment[] Assignments =
    [
        new("no room", [], Request),
        new("no room, one is requested", [], Wait) { IsRequested = true },
        new("a free room", [HalfFull], Use(HalfFull)),
        new("two free rooms", [Empty, HalfFull], Use(Empty)),
        new("a full room before a free one", [Full, HalfFull], Use(HalfFull)),
        new("a full room", [Full], Request),
        new("a full room, one more is requested", [Full], Wait) { IsRequested = true },
        new("full rooms, and no node has capacity", [Overfull, Full], Use(Full)) { IsCrowded = true },
        new("a free room, and no node has capacity", [Full, HalfFull], Use(HalfFull)) { IsCrowded = true },
        new("a room of another region", [Remote], Request),
        new("a room of another region, and no node has capacity", [Remote], Request) { IsCrowded = true },
        new("a draining room", [Draining], Request),
        new("a draining room, and no node has capacity", [Draining], Request) { IsCrowded = true },
        new("a free room while another one is requested", [HalfFull], Use(HalfFull)) { IsRequested = true },
    ];

    private static readonly Assignment[] Moves =
    [
        new("no other room", [Draining], Request),
        new("no other room, one is requested", [Draining], Wait) { IsRequested = true },
        new("a linked room", [Draining, Empty], Use(Empty)) { IsLinked = true },
        new("a room without a link", [Draining, Empty], Wait),
        new("a full room", [Draining, Full], Request) { IsLinked = true },
        new("a full linked room, and no node has capacity", [Draining, Full], Use(Full)) { IsCrowded = true, IsLinked = true },
        new("a full room without a link, and no node has capacity", [Draining, Full], Wait) { IsCrowded = true },
    ];

    private static readonly Reassignment[] Reassignments =
    [
        new("a full room of the region", [Full], HalfFull, Full),
        new("the first room of the region", [Remote, Empty, Full], Full, Empty),
        new("no room of the region", [Remote], Draining, Draining),
        new("no room of the region and no present room", [Remote], null, null),
    ];

    private static readonly Closing[] Closings =
    [
        new("no room", [], []),
        new("the last room", [Empty], []),
        new("occupied rooms", [HalfFull, Full], []),
        new("an empty room beside an occupied one", [Full, Empty], [Empty]),
        new("only empty rooms", [Empty, SecondEmpty], [Empty]),
        new("an empty room while another one is requested", [Full, Empty], []) { IsPlacing = true },
        new("an empty room into which members move", [Draining, Empty], []),
        new("an empty draining room beside a new empty one", [Drained, Empty], [Drained]),
        new("an empty draining room beside an occupied one", [HalfFull, Drained], [Drained]),
        new("an empty draining room, the last one", [Drained], []),
    ];

    private static IEnumerable<TestCaseData> AssignmentCases => Cases(Assignments);

    private static IEnumerable<TestCaseData> MoveCases => Cases(Moves);

    private static IEnumerable<TestCaseData> ReassignmentCases => Cases(Reassignments);

    private static IEnumerable<TestCaseData> ClosingCases => Cases(Closings);

    [TestCaseSource(nameof(AssignmentCases))]
    public void New_endpoint_is_assigned_the_room_expected_in_the_test_table(object row)
    {
        var assignment = (Assignment)row;
        var decision = new RoomAssigner(Capacity).Assign(assignment.Rooms, Local, assignment.IsCrowded, assignment.IsRequested);
        Assert.That(decision, Is.EqualTo(assignment.Expected));
    }

    [TestCaseSource(nameof(MoveCases))]
    public void Moving_endpoint_is_assigned_the_room_expected_in_the_test_table(object row)
    {
        var move = (Assignment)row;
        var decision = new RoomAssigner(Capacity).AssignNext(move.Rooms, Local, move.IsCrowded, move.IsRequested, _ => move.IsLinked);
        Assert.That(decision, Is.EqualTo(move.Expected));
    }

    [TestCaseSource(nameof(ReassignmentCases))]
    public void Replaced_connection_is_assigned_the_room_expected_in_the_test_table(object row)
    {
        var (_, rooms, present, expected) = (Reassignment)row;
        Assert.That(RoomAssigner.AssignAgain(rooms, Local, present), Is.SameAs(expected));
    }

    [TestCaseSource(nameof(ClosingCases))]
    public void Exactly_the_rooms_expected_in_the_test_table_are_selected_for_closing(object row)
    {
        var closing = (Closing)row;
        Assert.That(RoomAssigner.RoomsToClose(closing.Rooms, closing.IsPlacing), Is.EqualTo(closing.Expected));
    }

    private static IEnumerable<TestCaseData> Cases(IEnumerable<Row> rows) =>
        rows.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    private static RoomDecision Use(ActiveRoom room) => new RoomDecision.Use(room);

    private static ActiveRoom Room(int epoch, RegionId region, int population, bool draining = false)
    {
        var room = new ActiveRoom(new Room(MachineBench.NodeA, region, new RoomEpoch(epoch)));
        room.Serve(region);
        for (var member = 0; member < population; member++)
            room.Enter();
        if (draining)
            room.Drain();
        return room;
    }

    private abstract record Row(string Name);

    private sealed record Assignment(string Name, ActiveRoom[] Rooms, RoomDecision Expected) : Row(Name)
    {
        public bool IsCrowded { get; init; }

        public bool IsRequested { get; init; }

        public bool IsLinked { get; init; }
    }

    private sealed record Reassignment(string Name, ActiveRoom[] Rooms, ActiveRoom? Present, ActiveRoom? Expected) : Row(Name);

    private sealed record Closing(string Name, ActiveRoom[] Rooms, ActiveRoom[] Expected) : Row(Name)
    {
        public bool IsPlacing { get; init; }
    }
}
