using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.Tests.Calls;

public sealed class ReportNumberTests
{
    [TestCase(1, 1, 1, 2, true)]
    [TestCase(1, 2, 1, 2, false)]
    [TestCase(1, 3, 1, 2, false)]
    [TestCase(1, 3, 2, 1, true)]
    [TestCase(2, 1, 1, 3, false)]
    public void Report_of_an_older_activation_or_with_a_smaller_number_is_older(
        long activation, long number, long otherActivation, long otherNumber, bool isOlder) =>
        Assert.That(
            new ReportNumber(activation, number).IsOlderThan(new ReportNumber(otherActivation, otherNumber)), Is.EqualTo(isOlder));

    [TestCase(1, 1, 1, 2, true)]
    [TestCase(1, 2, 1, 2, false)]
    [TestCase(1, 1, 2, 2, false)]
    [TestCase(2, 1, 1, 2, false)]
    public void Reports_of_two_activations_have_no_order_if_the_numbers_of_activations_are_arbitrary(
        long activation, long number, long otherActivation, long otherNumber, bool isOlder) =>
        Assert.That(
            new ReportNumber(activation, number).IsOlderInActivation(new ReportNumber(otherActivation, otherNumber)), Is.EqualTo(isOlder));

    [Test]
    public void Next_report_of_the_same_activation_is_not_older()
    {
        var first = new ReportNumber(7, 1);
        Assert.That(first.IsOlderThan(first.Next()), Is.True);
        Assert.That(first.Next().IsOlderThan(first), Is.False);
    }
}
