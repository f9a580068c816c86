using Hype.LoadTest.Running;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Reporting;

/// <summary>
/// Counts the endpoints that moved to another node after the loss of servers, and measures how long sessions took to resume.
/// </summary>
internal static class MoveCount
{
    public static MoveFigures Of(Crowd crowd)
    {
        var ears = crowd.Everyone.Select(attendee => attendee.Ear).ToArray();
        var resumes = new Histogram();
        foreach (var ear in ears)
        {
            foreach (var time in Resumes(ear))
                resumes.Add(time);
        }

        return new MoveFigures(ears.Sum(ear => ear.MovesBy(MoveWay.Candidate)), ears.Sum(ear => ear.MovesBy(MoveWay.IceRestart)),
            ears.Sum(ear => ear.MovesBy(MoveWay.NewConnection)), Spread.Of(resumes));
    }

    /// <summary>Returns, for each lost socket whose session was resumed, the time in µs from the loss to the resume.</summary>
    private static IEnumerable<long> Resumes(Ear ear)
    {
        long? lost = null;
        foreach (var (moment, at) in ear.Moments)
        {
            if (moment == SessionMoment.SocketLost)
                lost = at;
            if (moment != SessionMoment.Resumed || lost is not { } from)
                continue;
            yield return at - from;
            lost = null;
        }
    }
}
