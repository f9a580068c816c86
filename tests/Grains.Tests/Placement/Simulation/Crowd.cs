namespace Hype.Grains.Tests.Placement.Simulation;

/// <summary>
/// Generates the arrivals and departures of members. Most channels are small, some medium and few large (up to 1,000 members). Most
/// members of a channel are in the same region. A member stays for a quarter of an hour on average, and is then replaced by another one
/// until the channel ends.
/// </summary>
internal sealed class Crowd
{
    private const double SecondsInAChannel = 15 * 60;
    private const double SecondsOfAChannel = 30 * 60;
    private const int ArrivalSeconds = 120;

    private readonly Plan _plan;
    private readonly Random _random;
    private readonly double[] _populationUpTo;
    private readonly List<Action<Cast>>[] _due;
    private int _seats;

    public Crowd(Plan plan)
    {
        _plan = plan;
        _random = new Random(plan.Seed);
        var population = 0.0;
        _populationUpTo = [.. plan.Population.Select(region => population += region)];
        _due = [.. Enumerable.Range(0, plan.Seconds).Select(_ => new List<Action<Cast>>())];
        while (_seats < plan.Participants)
            Begin(0, ArrivalSeconds);
    }

    /// <summary>Performs the arrivals and departures that are due in the given second.</summary>
    public void Play(int second, Cast cast)
    {
        // An event may add events within the same second.
        for (var index = 0; index < _due[second].Count; index++)
            _due[second][index](cast);
        _due[second] = [];
        while (_seats < _plan.Participants)
            Begin(second + 1, within: 30);
    }

    private void Begin(int second, double within)
    {
        var size = Size();
        var channel = new SimulatedChannel(size, Region(), international: _random.NextDouble() < (size > 8 ? 0.2 : 0.05));
        _seats += size;
        for (var seat = 0; seat < size; seat++)
            At(second + (_random.NextDouble() * within), cast => Join(channel, cast));
        At(second + within + Exponential(SecondsOfAChannel), cast =>
        {
            channel.Ended = true;
            _seats -= size;
            foreach (var member in channel.Members.ToArray())
                At(cast.Second + (_random.NextDouble() * 20), later => Leave(member, later));
        });
    }

    private void Join(SimulatedChannel channel, Cast cast)
    {
        if (channel.Ended)
            return;
        var atHome = _random.NextDouble() < (channel.International ? 0.5 : 0.95);
        var member = new SimulatedMember(channel, atHome ? channel.Home : Region());
        channel.Members.Add(member);
        cast.Joined(member);
        At(cast.Second + Exponential(SecondsInAChannel), later =>
        {
            if (channel.Ended)
                return;
            Leave(member, later);
            At(later.Second + Exponential(5), evenLater => Join(channel, evenLater));
        });
    }

    private static void Leave(SimulatedMember member, Cast cast)
    {
        if (member.Channel.Members.Remove(member))
            cast.Left(member);
    }

    private int Size() => _random.NextDouble() switch
    {
        < 0.78 => _random.Next(2, 9),
        < 0.98 => (int)(9 * Math.Pow(50.0 / 9, _random.NextDouble())),
        // Pareto, α = 1.1, cut off.
        _ => (int)Math.Min(1000, 50 * Math.Pow(1 - _random.NextDouble(), -1 / 1.1)),
    };

    private int Region()
    {
        var at = _random.NextDouble() * _populationUpTo[^1];
        return Array.FindIndex(_populationUpTo, upTo => at < upTo);
    }

    private double Exponential(double mean) => -mean * Math.Log(1 - _random.NextDouble());

    private void At(double second, Action<Cast> happen)
    {
        if (second < _due.Length)
            _due[(int)second].Add(happen);
    }

    /// <summary>The functions that the simulation calls for each arrival and departure of a member.</summary>
    internal sealed record Cast(int Second, Action<SimulatedMember> Joined, Action<SimulatedMember> Left);
}
