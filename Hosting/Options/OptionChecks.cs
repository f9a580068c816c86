using Microsoft.Extensions.Options;

namespace Hype.Hosting.Options;

/// <summary>Collects all errors of one configuration section, so that an operator sees them together.</summary>
public sealed class OptionChecks(string section)
{
    private readonly List<string> _errors = [];

    /// <summary>
    /// Adds an error if <paramref name="value"/> is less than <paramref name="lowest"/> or greater than <paramref name="highest"/>.
    /// </summary>
    public OptionChecks Range<T>(string key, T value, T lowest, T highest)
        where T : IComparable<T> =>
        Require(value.CompareTo(lowest) >= 0 && value.CompareTo(highest) <= 0, key,
            $"is {value}, but must be between {lowest} and {highest}.");

    /// <summary>
    /// Adds an error if <paramref name="holds"/> is false. The error is a sentence: the key, followed by the requirement.
    /// </summary>
    public OptionChecks Require(bool holds, string key, string requirement)
    {
        if (!holds)
            _errors.Add($"{section}:{key} {requirement}");
        return this;
    }

    public ValidateOptionsResult Result() => _errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_errors);
}
