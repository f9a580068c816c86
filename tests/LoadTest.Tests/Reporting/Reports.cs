using Hype.LoadTest.Reporting;

namespace Hype.LoadTest.Tests.Reporting;

/// <summary>Creates reports of fictitious runs.</summary>
internal static class Reports
{
    public static LoadReport Of(IReadOnlyList<SecondFigures> timeline) => new()
    {
        Run = new RunFigures("hype", "http://localhost:8080/", "sfu", "all", 2, 10, 3, false, 100, 30, 0.5, 5, 6, 1),
        Joins = new JoinFigures(
            19,
            new Dictionary<string, int> { ["channelFull"] = 1 },
            Spread,
            Spread,
            Spread,
            20,
            new Dictionary<string, int> { ["kicked"] = 1 }),
        Media = new MediaFigures(9_000, 81_000, 80_900, 100, 0.1235, 7, 2, 11, 13, 0, Spread, Spread, Spread, Spread,
            [new PairSilence("load-1", 4, 2, 312.4)], 4.37, 4.1),
        Hostile = new HostileFigures(120_000, 20_000, 2, 0),
        Signaling = new SignalingFigures(500, 250, 12.5, 20),
        Moves = new MoveFigures(17, 2, 1, Spread),
        Server = new ServerFigures([4242], 1.5, 0.05, 180, 190, 54_000, 18.5),
        Tool = new ToolFigures(3.2, Spread),
        Timeline = timeline,
        Notes = ["a note"],
        Missed = ["loss 0.1235 % is above --max-loss 0.1 %"],
    };

    private static Spread Spread => new(100, 1.5, 2.5, 3.5, 4.5);
}
