using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Sessions;

namespace Hype.Grains.Tests.Sessions;

public sealed class QualityLevelsTests
{
    [TestCase(0, 0, 0, ConnectionQuality.Excellent)]
    [TestCase(1, 20, 150, ConnectionQuality.Excellent)]
    [TestCase(1.1, 20, 150, ConnectionQuality.Good)]
    [TestCase(1, 20.1, 150, ConnectionQuality.Good)]
    [TestCase(1, 20, 151, ConnectionQuality.Good)]
    [TestCase(5, 50, 300, ConnectionQuality.Good)]
    [TestCase(5.1, 0, 0, ConnectionQuality.Poor)]
    [TestCase(0, 50.1, 0, ConnectionQuality.Poor)]
    [TestCase(0, 0, 301, ConnectionQuality.Poor)]
    [TestCase(30, 0, 0, ConnectionQuality.Poor)]
    [TestCase(30.1, 0, 0, ConnectionQuality.Lost)]
    public void Worst_of_loss_jitter_and_round_trip_time_determines_the_quality_level(
        double loss, double jitter, double roundTrip, ConnectionQuality level) =>
        Assert.That(QualityLevels.Of(loss, jitter, roundTrip), Is.EqualTo(level));

    [TestCase(ConnectionQuality.Unknown, ConnectionQuality.Good, ConnectionQuality.Good)]
    [TestCase(ConnectionQuality.Good, ConnectionQuality.Unknown, ConnectionQuality.Good)]
    [TestCase(ConnectionQuality.Excellent, ConnectionQuality.Lost, ConnectionQuality.Lost)]
    [TestCase(ConnectionQuality.Unknown, ConnectionQuality.Unknown, ConnectionQuality.Unknown)]
    public void Worse_returns_the_worse_of_two_quality_levels_and_ignores_an_unknown_level(
        ConnectionQuality one, ConnectionQuality other, ConnectionQuality level) =>
        Assert.That(QualityLevels.Worse(one, other), Is.EqualTo(level));
}
